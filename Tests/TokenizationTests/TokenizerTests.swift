import SystemPackage
import TestSupport
import Testing

@testable import Tokenization

@Suite struct TokenizerTests {
    let tokenizer: Tokenizer

    init() throws {
        tokenizer = try Tokenizer(folder: Fixtures.oracle)
    }

    @Test func encodesAsTheReferenceDoes() throws {
        for text in try Golden.load().tokenizer {
            #expect(try tokenizer.encode(text.text, addingBeginOfText: true) == text.ids)
        }
    }

    @Test func decodesAsTheReferenceDoes() throws {
        #expect(tokenizer.tidiesSpaces)
        for text in try Golden.load().tokenizer {
            let decoded = tokenizer.decode(text.ids, skippingSpecialTokens: true)
            #expect(scalars(decoded) == scalars(text.decoded_cleaned))
        }
        for answer in try Golden.load().cases {
            let decoded = tokenizer.decode(answer.greedy_ids, skippingSpecialTokens: true)
            #expect(scalars(decoded) == scalars(answer.greedy_text))
        }
    }

    @Test func leavesSpacesWhereTheConfigurationSaysSo() throws {
        let directory = try TokenizerFolder()
        try directory.write(#"{"clean_up_tokenization_spaces":false}"#, "tokenizer_config.json")
        let tokenizer = try Tokenizer(folder: directory.path)
        #expect(!tokenizer.tidiesSpaces)
        for text in try Golden.load().tokenizer {
            let decoded = tokenizer.decode(text.ids, skippingSpecialTokens: true)
            #expect(scalars(decoded) == scalars(text.decoded))
        }
    }

    @Test func treatsPeoplesTextAsText() throws {
        let text = "a<|eot_id|>"
        let ids = try tokenizer.encode(text, addingBeginOfText: false, matchingSpecialTokens: false)
        #expect(!ids.contains(2047))
        #expect(tokenizer.decode(ids, skippingSpecialTokens: true) == text)
        #expect(try tokenizer.encode(text, addingBeginOfText: false).last == 2047)
    }

    @Test func looksTokensUp() {
        #expect(tokenizer.id(of: "<|begin_of_text|>") == 2041)
        #expect(tokenizer.id(of: "!") == 0)
        #expect(tokenizer.id(of: "no such token") == nil)
        #expect(tokenizer.vocabularySize == 2048)
    }

    @Test func leavesOutNumbersThatAreNoIDs() {
        let decoded = tokenizer.decode(
            [-200, 0, 1 << 40, 2048, Int.min], skippingSpecialTokens: false)
        #expect(decoded == "!")
    }

    @Test func repairsACharacterThatIsCutInTwo() throws {
        let ids = try tokenizer.encode("😀", addingBeginOfText: false)
        try #require(ids.count > 1)
        let decoded = tokenizer.decode(Array(ids.dropLast()), skippingSpecialTokens: true)
        #expect(decoded == "\u{FFFD}")
    }

    /// Every text comes back from its ids, whatever it is made of.
    @Test func decodesWhatItEncoded() throws {
        let directory = try TokenizerFolder()
        try directory.write(#"{"clean_up_tokenization_spaces":false}"#, "tokenizer_config.json")
        let tokenizer = try Tokenizer(folder: directory.path)
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let text = randomText(using: &generator)
            let ids = try tokenizer.encode(text, addingBeginOfText: false)
            let decoded = tokenizer.decode(ids, skippingSpecialTokens: false)
            #expect(scalars(decoded) == scalars(text))
        }
    }

    /// A long text that no expression cuts; with quadratic merging this would not end.
    @Test(arguments: ["a", "é", " ", "\n", "!", "😀"])
    func encodesAVeryLongWord(_ character: String) throws {
        let text = String(repeating: character, count: 200_000 / character.utf8.count)
        let ids = try tokenizer.encode(text, addingBeginOfText: false)
        #expect(tokenizer.decode(ids, skippingSpecialTokens: false).utf8.count == text.utf8.count)
    }
}

/// A text's scalars: strings compare equal where only their normal form differs.
func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

/// Letters, marks, spaces, line breaks, emoji and special tokens in any order.
func randomText(using generator: inout SeededGenerator) -> String {
    let parts = [
        "a", "It's", "we'LL", " ", "  ", "\n", "\r\n", "\t", "1234", "é", "e\u{301}", "\u{301}",
        "ß", "的", "👩‍👩‍👧", "\u{200D}", "\u{A0}", "\u{3000}", ".", "!?", "<|eot_id|>", "<|", "\0",
        "٣", "Ⅷ", "ﬁ", "\u{1F1E9}\u{1F1EA}",
    ]
    let count = Int.random(in: 0...12, using: &generator)
    return (0..<count).map { _ in
        guard Int.random(in: 0..<4, using: &generator) == 0,
            let scalar = Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &generator))
        else { return parts[Int.random(in: 0..<parts.count, using: &generator)] }
        return String(scalar)
    }.joined()
}
