import Testing

@testable import Tokenization

@Suite struct TextNormalizerTests {
    private let normalizer = TextNormalizer(steps: [.compose, .collapseWhiteSpace, .lowercase])

    private func normalized(_ text: String) -> [UInt8] { normalizer(Array(text.utf8)) }

    @Test(arguments: [
        ("A  B\t\nC", "a b c"), ("e\u{301}", "\u{E9}"), ("\u{A0}x\u{3000}", " x "),
        ("\u{130}", "i\u{307}"), ("ΑΣ", "ας".replacing("ς", with: "σ")), ("\u{1E9E}", "ß"),
        ("", ""), ("\u{212B}", "\u{E5}"),
    ])
    func doesWhatTheReferenceDoes(_ text: String, _ expected: String) {
        #expect(normalized(text) == Array(expected.utf8))
    }

    @Test func aCharacterYoungerThanTheTablesPartsWhatJoins() {
        // U+1DF6 came with Unicode 10: it stays between a letter and a mark of a lower class.
        let text = "e\u{1DF6}\u{316}"
        #expect(normalized(text) == Array(text.utf8))
        // Of marks that the tables know, the lower class goes first.
        #expect(normalized("e\u{363}\u{316}") == Array("e\u{316}\u{363}".utf8))
    }

    @Test func aTagIsNotTheLetterThatItsNumberEndsWith() {
        let text = "\u{E0041}\u{301}"
        #expect(normalized(text) == Array(text.utf8))
    }

    /// 19 letters begin a syllable, 21 follow, 27 end it (The Unicode Standard, 3.12).
    @Test func lettersOfHangulJoinWhereTheyMakeASyllable() throws {
        for first: UInt32 in 0x10FF...0x1114 {
            for second: UInt32 in 0x1160...0x1177 {
                let joins = (0x1100...0x1112).contains(first) && (0x1161...0x1175).contains(second)
                try expect(
                    [first, second],
                    joinsTo: joins
                        ? 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28 : nil)
            }
        }
        for last: UInt32 in 0x11A6...0x11C4 {
            let joins = (0x11A8...0x11C2).contains(last)
            try expect([0xAC00, last], joinsTo: joins ? 0xAC00 + last - 0x11A7 : nil)
            try expect([0xAC01, last], joinsTo: nil)
            if joins { try expect([0x1100, 0x1161, last], joinsTo: 0xAC00 + last - 0x11A7) }
        }
    }

    private func expect(_ values: [UInt32], joinsTo joined: UInt32?) throws {
        let scalars = try values.map { try #require(Unicode.Scalar($0)) }
        let expected = try joined.map { [try #require(Unicode.Scalar($0))] } ?? scalars
        #expect(CanonicalComposition.compose(scalars) == expected, "\(values)")
    }

    @Test func marksThatConsistOfTwoAreOrderedAmongOthers() {
        let expected = "\u{F71}\u{F71}\u{F80}\u{F80}"
        #expect(normalized("\u{F81}\u{F81}") == Array(expected.utf8))
    }

    @Test func withoutStepsATextStaysAsItIs() {
        #expect(TextNormalizer()(Array("A  b".utf8)) == Array("A  b".utf8))
    }
}
