import Foundation
import SystemPackage

@testable import Tokenization

/// Files that other implementations made; how: Tests/Fixtures/README.md.
enum Fixtures {
    static let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Fixtures")
    static let oracle = folder.appending("oracle/tiny-llava-mini")

    static func json<Value: Decodable>(_ path: FilePath, as type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contents(of: path)))
    }
}

/// What the authors' implementation made of texts.
struct Golden: Decodable {
    struct Case: Decodable {
        let query: String
        let input_ids: [Int]
        let greedy_ids: [Int]
        let greedy_text: String
    }
    struct Text: Decodable {
        let text: String
        let ids: [Int]
        let decoded: String
        let decoded_cleaned: String
    }
    let cases: [Case]
    let tokenizer: [Text]

    static func load() throws -> Golden {
        try Fixtures.json(Fixtures.oracle.appending("golden.json"), as: Golden.self)
    }
}
