/// Every token by its id and by its text, for decoding and for looking single tokens up.
struct TokenVocabulary: Sendable {
    /// Tokens that consist of the byte alphabet, by the bytes that they stand for.
    private let words: ByteStringTable
    /// The other tokens by their texts.
    private var texts = ByteStringTable()
    /// What an id decodes to, all ids end to end.
    private var storage: [UInt8] = []
    /// Where in `storage` an id's bytes are; nil for a number that is no id.
    private var ranges: [Range<Int32>?] = []
    private var special: Set<Int> = []

    /// One more than the highest id.
    var count: Int { ranges.count }

    /// Joins the model's tokens and the added ones.
    ///
    /// - Parameters:
    ///   - model: The model's tokens.
    ///   - words: Those of them that consist of the byte alphabet, as the encoder has them.
    ///   - added: The tokens that are looked for in the text itself.
    /// - Throws: `DefinitionFlaw` where an id or a text stands for two tokens.
    init(_ model: BytePairModel, words: ByteStringTable, added: [AddedTokens.Token]) throws {
        self.words = words
        let highest = (model.ids + added.map(\.id)).max() ?? -1
        ranges = Array(repeating: nil, count: Int(highest) + 1)
        storage.reserveCapacity(model.tokens.storage.count)
        for (index, id) in model.ids.enumerated() {
            let name = { "model.vocab.\(abbreviated(model.tokens.text(index)))" }
            let isNew = try model.tokens.withBytes(index) { text in
                let isText = try setBytes(of: id, text, key: name())
                return !isText || texts.insert(text, value: id)
            }
            guard isNew else { throw DefinitionFlaw(name(), "stands twice") }
        }
        for (index, token) in added.enumerated() {
            let key = "added_tokens[\(index)]"
            let known = self.id(of: token.content)
            guard known == nil || known == token.id else {
                throw DefinitionFlaw("\(key).id", "differs from the id of the same token elsewhere")
            }
            if known == nil {
                try token.content.withUnsafeBytes { text in
                    _ = try setBytes(of: token.id, text, key: key)
                    _ = texts.insert(text, value: token.id)
                }
            }
            if token.isSpecial { special.insert(Int(token.id)) }
        }
    }

    /// Sets what an id decodes to.
    ///
    /// - Returns: Whether that is the text itself, as it is not all of the byte alphabet: the
    ///   reference's decoder takes it so.
    private mutating func setBytes(
        of id: Int32, _ text: UnsafeRawBufferPointer, key: @autoclosure () -> String
    ) throws -> Bool {
        guard ranges[Int(id)] == nil else {
            throw DefinitionFlaw(key(), "has the id \(id), which another token has as well")
        }
        let start = Int32(storage.count)
        let isText = !ByteAlphabet.append(text, to: &storage)
        if isText { storage.append(contentsOf: text) }
        ranges[Int(id)] = start..<Int32(storage.count)
        return isText
    }

    /// The id of a token by its text in the file.
    func id(of token: String) -> Int? { id(of: Array(token.utf8)).map(Int.init) }

    private func id(of text: [UInt8]) -> Int32? {
        text.withUnsafeBytes { text in
            if let id = texts.value(of: text) { return id }
            var bytes: [UInt8] = []
            guard ByteAlphabet.append(text, to: &bytes) else { return nil }
            return bytes.withUnsafeBytes(words.value)
        }
    }

    /// What an id stands for in decoded text; nil for a number that is no id.
    func bytes(of id: Int) -> ArraySlice<UInt8>? {
        guard ranges.indices.contains(id), let range = ranges[id] else { return nil }
        return storage[Int(range.lowerBound)..<Int(range.upperBound)]
    }

    /// Whether a token steers the model and is no text.
    func isSpecial(_ id: Int) -> Bool { special.contains(id) }
}
