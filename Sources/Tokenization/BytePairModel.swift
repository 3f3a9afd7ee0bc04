import JSONScanning

/// The member `model` of `tokenizer.json`: vocabulary and merges.
struct BytePairModel {
    /// Far above any vocabulary; bounds memory.
    static let maximumCount = 1 << 22

    private(set) var vocabulary: [(token: String, id: Int32)] = []
    /// Pairs of tokens, earliest first.
    private(set) var merges: [(left: String, right: String)] = []
    private(set) var ignoresMerges = false

    /// Reads the member.
    ///
    /// - Throws: `DefinitionFlaw` or `JSONScanner.Failure`.
    init(from scanner: inout JSONScanner) throws {
        var seen: Set<String> = []
        try TokenizerDefinition.members(of: "model", &scanner) { scanner, key in
            guard seen.insert(key).inserted else {
                throw DefinitionFlaw("model.\(abbreviated(key))", "stands twice")
            }
            switch key {
            case "vocab": try readVocabulary(from: &scanner)
            case "merges": try readMerges(from: &scanner)
            default: try readSetting(key, try scanner.value())
            }
        }
        for key in ["vocab", "merges"] where !seen.contains(key) {
            throw DefinitionFlaw("model.\(key)", "is missing")
        }
    }

    private mutating func readVocabulary(from scanner: inout JSONScanner) throws {
        try scanner.object { scanner, token in
            guard vocabulary.count < Self.maximumCount else {
                throw DefinitionFlaw("model.vocab", "has more than \(Self.maximumCount) tokens")
            }
            guard let number = try? scanner.integer() else {
                throw DefinitionFlaw("model.vocab", "has no id for '\(abbreviated(token))'")
            }
            let key = "model.vocab.\(abbreviated(token))"
            vocabulary.append((token, try TokenizerDefinition.id(number, key: key)))
        }
    }

    /// Reads `["a b", …]` or, as newer files write it, `[["a", "b"], …]`.
    private mutating func readMerges(from scanner: inout JSONScanner) throws {
        try scanner.array { scanner in
            guard merges.count < Self.maximumCount else {
                throw DefinitionFlaw("model.merges", "has more than \(Self.maximumCount) pairs")
            }
            var parts: [String] = []
            if scanner.peek() == UInt8(ascii: "[") {
                try scanner.array { scanner in
                    parts.append(try scanner.string())
                    guard parts.count <= 2 else { throw scanner.failure("more than two tokens") }
                }
            } else {
                // Split by scalars: a combining mark behind the space would make one character.
                parts = try scanner.string().unicodeScalars
                    .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            }
            guard parts.count == 2 else {
                throw DefinitionFlaw("model.merges[\(merges.count)]", "is no pair of tokens")
            }
            merges.append((parts[0], parts[1]))
        }
    }

    /// Reads what steers the algorithm; variants that byte-level models do not use are refused.
    private mutating func readSetting(_ key: String, _ value: JSONValue) throws {
        let isUsable =
            switch key {
            case "type": value == .string("BPE")
            case "dropout": [.null, .integer(0)].contains(value)
            case "continuing_subword_prefix", "end_of_word_suffix":
                [.null, .string("")].contains(value)
            case "ignore_merges": value.boolean != nil
            // Every byte has a token, so nothing is ever unknown.
            case "unk_token", "fuse_unk", "byte_fallback": true
            default: true
            }
        guard isUsable else {
            throw DefinitionFlaw("model.\(abbreviated(key))", "has a value that is not supported")
        }
        if key == "ignore_merges" { ignoresMerges = value.boolean == true }
    }
}
