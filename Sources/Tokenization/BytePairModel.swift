import JSONScanning

/// The member `model` of `tokenizer.json`: vocabulary and merges.
struct BytePairModel {
    /// Far above any vocabulary; bounds memory.
    static let maximumCount = 1 << 22

    /// The vocabulary's texts in the file's order.
    private(set) var tokens = ByteStringList()
    /// Their ids.
    private(set) var ids: [Int32] = []
    /// The left and the right token of each merge in turn, earliest first.
    private(set) var merges = ByteStringList()
    private(set) var ignoresMerges = false
    /// `end_of_word_suffix`: what the text of a token ends with that ends a pre-token; CLIP's is `</w>`.
    private(set) var endOfWordSuffix = ""

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

    /// Reads `vocab.json` and `merges.txt`.
    ///
    /// - Throws: `DefinitionFlaw` or `JSONScanner.Failure`.
    init(
        vocabulary: UnsafeRawBufferPointer, merges: [UInt8], mostMerges: Int,
        endOfWordSuffix: String
    ) throws {
        var scanner = JSONScanner(vocabulary)
        try readVocabulary(from: &scanner)
        try scanner.expectEnd()
        self.endOfWordSuffix = endOfWordSuffix
        let lines = merges.split(separator: UInt8(ascii: "\n"))
        for line in lines.drop(while: { $0.starts(with: "#version".utf8) }).prefix(mostMerges) {
            let count = self.merges.count
            appendPair(Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
            guard self.merges.count == count + 2 else {
                throw DefinitionFlaw("merges.txt", "has a line that is no pair of tokens")
            }
        }
    }

    private mutating func readVocabulary(from scanner: inout JSONScanner) throws {
        try scanner.expect(UInt8(ascii: "{"))
        if scanner.take(UInt8(ascii: "}")) { return }
        repeat {
            guard ids.count < Self.maximumCount else {
                throw DefinitionFlaw("model.vocab", "has more than \(Self.maximumCount) tokens")
            }
            try tokens.append { try scanner.appendString(to: &$0) }
            try scanner.expect(UInt8(ascii: ":"))
            ids.append(try readID(from: &scanner))
        } while scanner.take(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "}"))
    }

    /// Reads the id of the token that was read last.
    private func readID(from scanner: inout JSONScanner) throws -> Int32 {
        var name: String { abbreviated(tokens.text(tokens.count - 1)) }
        guard let number = try? scanner.integer() else {
            throw DefinitionFlaw("model.vocab", "has no id for '\(name)'")
        }
        return try TokenizerDefinition.id(number, key: "model.vocab.\(name)")
    }

    /// Reads `["a b", …]` or, as newer files write it, `[["a", "b"], …]`.
    private mutating func readMerges(from scanner: inout JSONScanner) throws {
        var text: [UInt8] = []
        try scanner.array { scanner in
            guard merges.count < 2 * Self.maximumCount else {
                throw DefinitionFlaw("model.merges", "has more than \(Self.maximumCount) pairs")
            }
            let count = merges.count
            if scanner.peek() == UInt8(ascii: "[") {
                try scanner.array { scanner in
                    try merges.append { try scanner.appendString(to: &$0) }
                    guard merges.count <= count + 2 else {
                        throw scanner.failure("more than two tokens")
                    }
                }
            } else {
                text.removeAll(keepingCapacity: true)
                try scanner.appendString(to: &text)
                appendPair(text)
            }
            guard merges.count == count + 2 else {
                throw DefinitionFlaw("model.merges[\(count / 2)]", "is no pair of tokens")
            }
        }
    }

    /// Adds the two tokens of "a b"; nothing where there are not two.
    private mutating func appendPair(_ text: [UInt8]) {
        let space = UInt8(ascii: " ")
        guard let middle = text.firstIndex(of: space),
            !text[(middle + 1)...].contains(space)
        else { return }
        merges.append { $0 += text[..<middle] }
        merges.append { $0 += text[(middle + 1)...] }
    }

    /// Reads what steers the algorithm; variants that byte-level models do not use are refused.
    private mutating func readSetting(_ key: String, _ value: JSONValue) throws {
        let isUsable =
            switch key {
            case "type": value == .string("BPE")
            case "dropout": [.null, .integer(0)].contains(value)
            case "continuing_subword_prefix": [.null, .string("")].contains(value)
            // Written in the byte alphabet, so that it is a part of a token's bytes.
            case "end_of_word_suffix":
                value == .null
                    || value.string.map {
                        $0.utf8.count <= 16 && $0.utf8.allSatisfy { 0x21...0x7E ~= $0 }
                    } ?? false
            case "ignore_merges": value.boolean != nil
            // Every byte has a token, so nothing is ever unknown.
            case "unk_token", "fuse_unk", "byte_fallback": true
            default: true
            }
        guard isUsable else {
            throw DefinitionFlaw("model.\(abbreviated(key))", "has a value that is not supported")
        }
        if key == "ignore_merges" { ignoresMerges = value.boolean == true }
        if key == "end_of_word_suffix" { endOfWordSuffix = value.string ?? "" }
    }
}
