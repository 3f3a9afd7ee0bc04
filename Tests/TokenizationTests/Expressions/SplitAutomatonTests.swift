import TestSupport
import Testing

@testable import Tokenization

/// The table against ICU, which works in another way altogether.
@Suite struct SplitAutomatonTests {
    /// The same pieces for random expressions over random texts.
    @Test func cutsAsICUDoes() throws {
        var generator = SeededGenerator(seed: 12)
        var compiled = 0
        for _ in 0..<600 {
            let pattern = randomPattern(depth: 3, using: &generator)
            guard let automaton = try? SplitAutomaton(pattern: pattern) else { continue }
            compiled += 1
            let slow = SplitExpression.icu(try ICUExpression(pattern: pattern))
            for _ in 0..<8 {
                let text = randomLetters(using: &generator)
                let pieces = try SplitExpression.automaton(automaton).pieces(of: text)
                #expect(
                    try pieces == slow.pieces(of: text), "\(pattern) on \(text.debugDescription)")
            }
        }
        #expect(compiled > 300, "\(compiled) of 600 expressions compiled")
    }

    /// The same pieces with real expressions over texts of all Unicode.
    @Test(arguments: [llama3Pattern, PreTokenizer.gpt2Pattern, gpt4Pattern, deepSeekPattern])
    func cutsAllOfUnicodeAsICUDoes(_ pattern: String) throws {
        let fast = SplitExpression.automaton(try SplitAutomaton(pattern: pattern))
        let slow = SplitExpression.icu(try ICUExpression(pattern: pattern))
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<400 {
            let text = randomText(using: &generator)
            #expect(try fast.pieces(of: text) == slow.pieces(of: text), "\(text.debugDescription)")
        }
    }

    /// What would need a table without end, or without bounds in time, is left alone.
    @Test(arguments: [
        "(?:a{1000}){1000}", "(?:a|b)*a(?:a|b){40}", "(?:(?:a?){30}a{30}){3}",
        (UInt8(0)..<70).map { "\\p{L}[\(Unicode.Scalar($0 + 0xA0))]" }.joined(),
    ])
    func refusesWhatGrowsTooLarge(_ pattern: String) {
        #expect(throws: SplitSyntax.Unsupported.self) { try SplitAutomaton(pattern: pattern) }
    }

    private func randomPattern(depth: Int, using generator: inout SeededGenerator) -> String {
        let atoms = ["a", "b", "é", "[ab]", "[^a]", #"\s"#, #"\S"#, "字", #"\p{L}"#, "[a-c ]"]
        func atom() -> String { atoms[Int.random(in: 0..<atoms.count, using: &generator)] }
        guard depth > 0 else { return atom() }
        func part() -> String { randomPattern(depth: depth - 1, using: &generator) }
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return "(?:\(part())|\(part()))"
        case 1: return "(?:\(part())|\(part())|\(part()))"
        case 2, 3: return part() + part()
        case 4:
            let quantifiers = ["*", "+", "?", "{1,3}", "{2}", "*?", "+?", "??"]
            let quantifier = quantifiers[Int.random(in: 0..<quantifiers.count, using: &generator)]
            return "(?:\(part()))\(quantifier)"
        case 5: return atom() + ["*+", "++", "?+"][Int.random(in: 0..<3, using: &generator)]
        case 6:
            return part() + ["(?!", "(?="][Int.random(in: 0..<2, using: &generator)] + "\(atom()))"
        default: return atom()
        }
    }

    private func randomLetters(using generator: inout SeededGenerator) -> String {
        let letters = ["a", "b", "c", "é", "字", " ", "\n", "😀"]
        return (0..<Int.random(in: 0...12, using: &generator)).map { _ in
            letters[Int.random(in: 0..<letters.count, using: &generator)]
        }.joined()
    }
}

/// The expression of GPT-4's tokenizer, with possessive quantifiers.
private let gpt4Pattern =
    #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*"#
    + #"|\s*[\r\n]|\s+(?!\S)|\s+"#

/// The main expression of DeepSeek's tokenizer, with many categories.
private let deepSeekPattern =
    ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
    + #"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
