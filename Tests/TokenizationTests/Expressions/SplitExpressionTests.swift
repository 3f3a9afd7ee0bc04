import Testing

@testable import Tokenization

@Suite struct SplitExpressionTests {
    private func pieces(_ pattern: String, _ text: String) throws -> [String] {
        try SplitExpression(pattern: pattern).pieces(of: text)
    }

    @Test func keepsMatchesAndWhatLiesBetween() throws {
        #expect(try pieces(#"\d+"#, "a12b3") == ["a", "12", "b", "3"])
        #expect(try pieces(#"\d+"#, "ab") == ["ab"])
        #expect(try pieces(#"\d*"#, "ab1") == ["a", "b", "1"])
        #expect(try pieces(#"\d*"#, "").isEmpty)
    }

    /// Both engines: the second expression has a look behind, which only ICU reads.
    @Test(arguments: [#"\s+(?!\S)|\s"#, #"(?<!x)\s+(?!\S)|\s"#])
    func seesNothingOutsideItsRange(_ pattern: String) throws {
        var ends: [Int] = []
        let text = Array("é  a".utf8)
        try SplitExpression(pattern: pattern).appendEnds(of: text, in: 2..<4, to: &ends)
        #expect(ends == [4])
    }

    @Test func leavesToICUWhatItDoesNotKnow() throws {
        guard case .automaton = try SplitExpression(pattern: llama3Pattern) else {
            Issue.record("Llama 3's expression should compile to a table")
            return
        }
        #expect(try pieces(#"\bé+\b"#, "aé éé字é é") == ["aé éé字é ", "é"])
    }

    @Test(arguments: ["(", "[a", "a{2", "(?<=a*)b", #"\p{Nonsense}"#])
    func refusesWhatIsNoExpression(_ pattern: String) {
        #expect(throws: (any Error).self) { try SplitExpression(pattern: pattern) }
    }

    @Test func givesUpOnRunawayBacktracking() {
        #expect(throws: SplitExpression.Failure.self) {
            try pieces("(a+)+$", String(repeating: "a", count: 60) + "b")
        }
    }

    /// Reads the rest of the text at every place.
    @Test func givesUpOnReadingAgainAndAgain() {
        #expect(throws: SplitExpression.Failure.self) {
            try pieces("(?:a|b)*c", String(repeating: "a", count: 20_000))
        }
    }

    /// ICU keeps a place to come back to for every letter here, and has room for so many only.
    @Test func givesUpWhereMemoryEnds() {
        #expect(throws: SplitExpression.Failure.self) {
            try pieces("^(?:a|b)*c", String(repeating: "a", count: 2_000_000))
        }
    }

    /// A run of one kind must cost neither stack nor backtracking, however long.
    @Test(arguments: [" ", "\n", "a", "1", "!"]) func splitsALongStretch(_ character: String) throws
    {
        let text = String(repeating: character, count: 200_000)
        for pattern in [PreTokenizer.gpt2Pattern, llama3Pattern] {
            #expect(try pieces(pattern, text).joined().utf8.count == 200_000)
        }
    }
}

/// The expression of Llama 3's `tokenizer.json`.
let llama3Pattern =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"#
    + #"|\s*[\r\n]+|\s+(?!\S)|\s+"#

extension SplitExpression {
    /// The pieces of a whole text.
    func pieces(of text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        var ends: [Int] = []
        try appendEnds(of: bytes, in: 0..<bytes.count, to: &ends)
        return zip([0] + ends, ends).map { String(decoding: bytes[$0..<$1], as: UTF8.self) }
    }
}
