/// Every token by its id and by its text, for decoding and for looking single tokens up.
struct TokenVocabulary: Sendable {
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
    /// - Throws: `DefinitionFlaw` where an id or a text stands for two tokens.
    init(_ model: [(token: String, id: Int32)], added: [AddedTokens.Token]) throws {
        for (token, id) in model {
            try add(Array(token.utf8), id, key: "model.vocab.\(abbreviated(token))")
        }
        for (index, token) in added.enumerated() {
            let key = "added_tokens[\(index)]"
            let known = token.content.withUnsafeBytes(texts.value)
            guard known == nil || known == token.id else {
                throw DefinitionFlaw("\(key).id", "differs from the id of the same token elsewhere")
            }
            if known == nil { try add(token.content, token.id, key: key) }
            if token.isSpecial { special.insert(Int(token.id)) }
        }
    }

    private mutating func add(_ text: [UInt8], _ id: Int32, key: String) throws {
        let id = Int(id)
        if id >= ranges.count {
            ranges += [Range<Int32>?](repeating: nil, count: id + 1 - ranges.count)
        }
        guard ranges[id] == nil else {
            throw DefinitionFlaw(key, "has the id \(id), which another token has as well")
        }
        guard texts.insert(text, value: Int32(id)) else {
            throw DefinitionFlaw(key, "stands twice")
        }
        // As the reference's decoder: what is not all of the byte alphabet is taken as it is.
        let decoded = ByteAlphabet.bytes(of: String(decoding: text, as: UTF8.self)) ?? text
        let start = Int32(storage.count)
        storage += decoded
        ranges[id] = start..<Int32(storage.count)
    }

    /// The id of a token by its text in the file.
    func id(of token: String) -> Int? {
        Array(token.utf8).withUnsafeBytes(texts.value).map(Int.init)
    }

    /// What an id stands for in decoded text; nil for a number that is no id.
    func bytes(of id: Int) -> ArraySlice<UInt8>? {
        guard ranges.indices.contains(id), let range = ranges[id] else { return nil }
        return storage[Int(range.lowerBound)..<Int(range.upperBound)]
    }

    /// Whether a token steers the model and is no text.
    func isSpecial(_ id: Int) -> Bool { special.contains(id) }
}
