import Foundation
import SystemPackage
import Testing

@testable import Tokenization

@Suite struct SplitExpressionTests {
    private func pieces(_ pattern: String, _ text: String) throws -> [String] {
        let text = text as NSString
        let range = NSRange(location: 0, length: text.length)
        return try SplitExpression(pattern: pattern).pieces(of: text, in: range)
            .map(text.substring)
    }

    @Test func keepsMatchesAndWhatLiesBetween() throws {
        #expect(try pieces(#"\d+"#, "a12b3") == ["a", "12", "b", "3"])
        #expect(try pieces(#"\d+"#, "ab") == ["ab"])
        #expect(try pieces(#"\d*"#, "").isEmpty)
    }

    @Test func seesNothingOutsideItsRange() throws {
        let expression = try SplitExpression(pattern: #"\s+(?!\S)|\s"#)
        let pieces = try expression.pieces(
            of: "  a" as NSString, in: NSRange(location: 0, length: 2))
        #expect(pieces == [NSRange(location: 0, length: 2)])
    }

    /// The reference's engine is Oniguruma: letters, numbers and white space have to be the same.
    @Test(arguments: [#"\p{L}"#, #"\p{N}"#, #"\s"#])
    func knowsTheReferencesCharacterClasses(_ pattern: String) throws {
        let path = Fixtures.folder.appending("character-classes.json")
        let classes = try Fixtures.json(path, as: [String: [[UInt32]]].self)
        let expected = try #require(classes[pattern]).map { $0[0]...$0[1] }
        var text = String.UnicodeScalarView()
        for number in UInt32(0)..<0x11_0000 {
            if let scalar = Unicode.Scalar(number) { text.append(scalar) }
        }
        let units = Array(String(text).utf16)
        let expression = try NSRegularExpression(pattern: "(?:\(pattern))+")
        let string = String(decoding: units, as: UTF16.self)
        var found: [Unicode.Scalar] = []
        expression.enumerateMatches(
            in: string, range: NSRange(location: 0, length: units.count)
        ) { match, _, _ in
            guard let match else { return }
            let matched = units[match.range.location..<match.range.location + match.range.length]
            found += String(decoding: matched, as: UTF16.self).unicodeScalars
        }
        let wanted = expected.joined().compactMap(Unicode.Scalar.init)
        let differing = Set(found).symmetricDifference(wanted).map(\.value).sorted()
        #expect(differing.isEmpty, "\(differing.count) scalars, from \(differing.prefix(40))")
    }

    @Test(arguments: ["(", "[a", "a{2", "(?<=a*)b", #"\p{Nonsense}"#])
    func refusesWhatIsNoExpression(_ pattern: String) {
        #expect(throws: (any Error).self) { try SplitExpression(pattern: pattern) }
    }

    @Test func givesUpOnRunawayBacktracking() {
        #expect(throws: (any Error).self) {
            try pieces("(a+)+$", String(repeating: "a", count: 60) + "b")
        }
    }

    /// ICU keeps a place to come back to for every letter here, and has room for so many only.
    @Test func givesUpWhereMemoryEnds() {
        #expect(throws: (any Error).self) {
            try pieces("(?:a|b)*c", String(repeating: "a", count: 2_000_000))
        }
    }

    /// A stretch of one kind must cost neither stack nor backtracking, however long.
    @Test(arguments: [" ", "\n", "a", "1", "!"]) func splitsALongStretch(_ character: String) throws
    {
        let text = String(repeating: character, count: 200_000)
        #expect(try pieces(PreTokenizer.gpt2Pattern, text).joined().utf8.count == 200_000)
    }
}
