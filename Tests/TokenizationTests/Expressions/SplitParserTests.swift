import Testing

@testable import Tokenization

@Suite struct SplitParserTests {
    private let a = SplitSyntax.scalar(ScalarSet("a"))

    private func set(_ pattern: String) throws -> ScalarSet {
        guard case .scalar(let set) = try SplitParser.parse(pattern) else {
            Issue.record("\(pattern) should be a set")
            return ScalarSet([])
        }
        return set
    }

    @Test func readsClasses() throws {
        #expect(try set("[a-cx]").ranges == [97...99, 120...120])
        #expect(try set("[-a]") == set("[a-]"))
        #expect(try set(#"[a\-c]"#).ranges == [45...45, 97...97, 99...99])
        #expect(try set(#"[\r\n]"#).ranges == [10...10, 13...13])
        #expect(try set("[^a]") == ScalarSet("a").inverted)
        #expect(try set(#"[^\S]"#) == set(#"\s"#))
        #expect(try set(#"\p{^L}"#) == set(#"\P{L}"#))
        #expect(try set(".") == ScalarSet("\n").inverted)
        #expect(try set("[*+?(){}|.^$]").ranges.count == 6)
    }

    @Test func foldsTheCaseOfASCII() throws {
        #expect(try set("(?i:a)").ranges == [65...65, 97...97])
        #expect(try set("(?i:s)").ranges == [0x53...0x53, 0x73...0x73, 0x17F...0x17F])
        #expect(try set("(?i:[k'])").ranges.map(\.lowerBound) == [0x27, 0x4B, 0x6B, 0x212A])
        #expect(try SplitParser.parse("(?i:a)a") == .sequence([.scalar(set("(?i:a)")), a]))
    }

    @Test func readsQuantifiers() throws {
        let bounds: [(String, Int, Int?, Bool)] = [
            ("a*", 0, nil, false), ("a+", 1, nil, false), ("a?", 0, 1, false),
            ("a*?", 0, nil, true), ("a+?", 1, nil, true), ("a??", 0, 1, true),
            ("a{1,3}", 1, 3, false), ("a{2}", 2, 2, false), ("a{2,}", 2, nil, false),
        ]
        for (pattern, minimum, maximum, isLazy) in bounds {
            let repetition = SplitSyntax.repetition(
                a, minimum: minimum, maximum: maximum, isLazy: isLazy)
            #expect(try SplitParser.parse(pattern) == repetition, "\(pattern)")
        }
    }

    @Test func neverGivesBackWhatIsPossessive() throws {
        let stop = SplitSyntax.lookahead(ScalarSet("a"), isNegated: true)
        #expect(try SplitParser.parse("a?+") == .alternatives([a, stop]))
        let all = SplitSyntax.repetition(a, minimum: 1, maximum: nil, isLazy: false)
        #expect(try SplitParser.parse("a++") == .sequence([all, stop]))
    }

    /// Known to Oniguruma in another sense, unknown to it, or beyond what a table can do.
    @Test(arguments: [
        "(", ")", "[", "[]", "[a", "[b-a]", "[a-b-c]", "[[a]]", "[a&&b]", "a{", "a{2", "a{,2}",
        "a{3,2}", "a{1,2}+", "a{1,2}?", "a**", "*", "^", "a$", #"\b"#, #"\1"#, #"\w"#, "(?<=a)",
        "(?>a)", "(?=ab)", "(?!a*)", "(?:a?)*", "(?:a|)+", "(?i:é)", #"(?i:\p{L})"#, "(?i:ss)",
        "(?i)a", #"\p{Han}"#, #"\p"#, #"\p{L"#, "\\", "(?:ab)++", "a{99999}",
        String(repeating: "(", count: 5000),
    ])
    func leavesTheRestAlone(_ pattern: String) {
        #expect(throws: SplitSyntax.Unsupported.self) { try SplitParser.parse(pattern) }
    }
}
