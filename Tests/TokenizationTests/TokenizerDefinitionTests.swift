import SystemPackage
import TestSupport
import Testing

@testable import Tokenization

@Suite struct TokenizerDefinitionTests {
    /// What a change to the oracle's file breaks, and the key that the error has to name.
    static let flaws: [(old: String, new: String, key: String)] = [
        (#""model":"#, #""modle":"#, "'model' is missing"),
        (#""vocab":"#, #""vocabulary":"#, "'model.vocab' is missing"),
        (#""merges":"#, #""marges":"#, "'model.merges' is missing"),
        (#""type": "BPE""#, #""type": "Unigram""#, "'model.type'"),
        (#""dropout": null"#, #""dropout": 0.1"#, "'model.dropout'"),
        (#""end_of_word_suffix": null"#, #""end_of_word_suffix": "é""#, "end_of_word_suffix"),
        (#""end_of_word_suffix": null"#, #""end_of_word_suffix": "</w>""#, "'model.ignore_merges'"),
        (#""ignore_merges": true"#, #""ignore_merges": "yes""#, "'model.ignore_merges'"),
        (#""!": 0"#, #""!": -1"#, "'model.vocab.!'"),
        (#""!": 0"#, #""!": 1048576"#, "'model.vocab.!'"),
        (#""!": 0"#, #""!": 1"#, "has the id 1, which another token has as well"),
        (#""!": 0"#, #""!": "0""#, "has no id for '!'"),
        (#""!": 0"#, #""!": 0, "!": 2040"#, "stands twice"),
        (#""!": 0"#, #""!!!!!!!!": 0"#, "has no token for the byte 33"),
        (#""normalizer": null"#, #""normalizer": {"type": "NFKC"}"#, "'normalizer.type'"),
        (#""behavior": "Isolated""#, #""behavior": "Removed""#, "pretokenizers[0].behavior"),
        (#""Regex": "#, #""String": "#, "pretokenizers[0].pattern.Regex"),
        (#""Regex": ""#, #""Regex": "(("#, "is no regular expression"),
        (#""id": 2041"#, #""id": "2041""#, "'added_tokens[0].id'"),
        (#""id": 2041"#, #""id": 5"#, "has the id 5"),
        (#""special": true"#, #""special": 1"#, "'added_tokens[0].special'"),
        (#""version": "1.0""#, #""version": "1.0" "x""#, "'the document'"),
    ]

    @Test(arguments: flaws) func namesTheKey(_ flaw: (old: String, new: String, key: String)) throws
    {
        let folder = try TokenizerFolder(replacing: [(flaw.old, flaw.new)])
        let error = try #require(throws: TokenizerError.self) { try Tokenizer(folder: folder.path) }
        #expect(error.description.contains(flaw.key), "\(error)")
        #expect(error.path == folder.path.appending("tokenizer.json"))
    }

    @Test func namesAMergeOfUnknownTokens() throws {
        for merge in [
            #""nowhere x""#, #"["x", "nowhere"]"#, #""Ġ""#, #"["a"]"#, #"["a","b","c"]"#, "7",
        ] {
            let folder = try TokenizerFolder()
            try folder.write(Self.minimal(merges: "[\"t h\", \(merge)]"), "tokenizer.json")
            let error = try #require(throws: TokenizerError.self) {
                try Tokenizer(folder: folder.path)
            }
            #expect(error.description.contains("'model.merges"), "\(error)")
        }
    }

    @Test func readsMergesWrittenEitherWay() throws {
        for merges in [#"["t h", "th e"]"#, #"[["t", "h"], ["th", "e"]]"#] {
            let folder = try TokenizerFolder()
            try folder.write(Self.minimal(merges: merges), "tokenizer.json")
            let tokenizer = try Tokenizer(folder: folder.path)
            #expect(try tokenizer.encode("the", addingBeginOfText: true) == [257])
        }
    }

    @Test func namesAMissingFile() throws {
        let directory = try TemporaryDirectory()
        let error = try #require(throws: TokenizerError.self) {
            try Tokenizer(folder: directory.path)
        }
        #expect(error.cause as? Errno == .noSuchFileOrDirectory)
    }

    @Test func refusesAWrongConfiguration() throws {
        for json in [#"{"clean_up_tokenization_spaces": 1}"#, "[]", "{"] {
            let folder = try TokenizerFolder()
            try folder.write(json, "tokenizer_config.json")
            let error = try #require(throws: TokenizerError.self) {
                try Tokenizer(folder: folder.path)
            }
            #expect(error.path == folder.path.appending("tokenizer_config.json"))
        }
    }

    /// Neither the stack nor memory follows the file.
    @Test(arguments: ["version", "added_tokens", "pre_tokenizer", "model"])
    func refusesADocumentWithoutADepth(_ key: String) throws {
        let folder = try TokenizerFolder()
        for bracket in ["[", "{\"a\":"] {
            let json = "{\"\(key)\": \(String(repeating: bracket, count: 200_000))"
            try folder.write(json, "tokenizer.json")
            let error = try #require(throws: TokenizerError.self) {
                try Tokenizer(folder: folder.path)
            }
            #expect(error.description.contains("'\(key)"), "\(error)")
        }
    }

    /// Such an expression would take a table without end; ICU runs it, within its own limits.
    @Test func bearsAnExpressionThatGrowsWithoutEnd() throws {
        let pattern = "(?:a|b)*a" + String(repeating: "(?:a|b)", count: 40)
        let split = """
            {"type": "Sequence", "pretokenizers": [{"type": "Split", "behavior": "Isolated",
            "pattern": {"Regex": "\(pattern)"}}, {"type": "ByteLevel", "use_regex": false,
            "add_prefix_space": false}]}
            """
        let folder = try TokenizerFolder()
        try folder.write(
            Self.minimal(merges: #"["t h", "th e"]"#, preTokenizer: split), "tokenizer.json")
        let tokenizer = try Tokenizer(folder: folder.path)
        #expect(try tokenizer.encode("the", addingBeginOfText: false) == [257])
    }

    /// Whatever the bytes: an error, or a tokenizer that encodes and decodes.
    @Test func survivesMutation() throws {
        let original = Array(Self.minimal(merges: #"["t h", ["th", "e"]]"#).utf8)
        var generator = SeededGenerator(seed: 4)
        var accepted = 0
        let folder = try TokenizerFolder()
        for _ in 0..<1500 {
            try folder.write(mutated(original, using: &generator), "tokenizer.json")
            guard let tokenizer = try? Tokenizer(folder: folder.path) else { continue }
            accepted += 1
            let ids = try tokenizer.encode("the <|end|> thé\n", addingBeginOfText: true)
            #expect(ids.allSatisfy { (0..<tokenizer.vocabularySize).contains($0) })
            _ = tokenizer.decode(ids, skippingSpecialTokens: true)
        }
        #expect((1..<1500).contains(accepted), "mutations should neither all pass nor all fail")
    }

    /// A whole `tokenizer.json`: the bytes, "th" (256), "the" (257) and "<|end|>" (300).
    static func minimal(merges: String, preTokenizer: String? = nil, added: String = "") -> String {
        var alphabet: [String] = []
        for number in 0..<(0x100 + 68) {
            guard let scalar = Unicode.Scalar(UInt32(number)) else { continue }
            let token = String(scalar)
            guard ByteAlphabet.bytes(of: token) != nil else { continue }
            let escaped = token == "\"" || token == "\\" ? "\\\(token)" : token
            alphabet.append("\"\(escaped)\": \(alphabet.count)")
        }
        let split = preTokenizer ?? #"{"type": "ByteLevel", "add_prefix_space": false}"#
        let vocabulary = (alphabet + [#""th": 256"#, #""the": 257"#]).joined(separator: ", ")
        return """
            {"added_tokens": [{"id": 300, "content": "<|end|>", "special": true}\(added)],
            "pre_tokenizer": \(split), "decoder": {"type": "ByteLevel"},
            "model": {"vocab": {\(vocabulary)}, "merges": \(merges)}}
            """
    }
}
