import SystemPackage
import Testing

@testable import Captioning

@Suite struct TokenFileTests {
    @Test func keepsTokensInTheirOrder() throws {
        let file = try TokenFile(dimension: 3)
        let tokens: [PictureDescription.Token] = [
            .init(second: 0, values: [1, 2, 3]),
            .init(second: nil, values: [.infinity, -0, .leastNonzeroMagnitude]),
            .init(second: 2.5, values: [4, 5, 6]),
        ]
        try file.append(Array(tokens.prefix(1)))
        try file.append([])
        try file.append(Array(tokens.dropFirst()))
        #expect(file.count == 3)
        #expect(try (0..<3).map { try file.token(at: $0) } == tokens)
    }

    @Test func aFolderThatIsNotThereIsNamed() throws {
        let error = #expect(throws: TokenFileError.self) {
            try TokenFile(dimension: 1, in: "/nonexistent/folder")
        }
        #expect(try #require(error).description.contains("/nonexistent/folder"))
    }
}
