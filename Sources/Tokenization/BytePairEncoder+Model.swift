extension BytePairEncoder {
    /// Builds the tables that encoding looks things up in.
    ///
    /// - Throws: `DefinitionFlaw` for a token that stands twice, a byte without a token, or a merge
    ///   that names or makes an unknown token.
    init(_ model: BytePairModel) throws {
        var words = ByteStringTable(capacity: model.ids.count)
        var bytes: [UInt8] = []
        for (index, id) in model.ids.enumerated() {
            bytes.removeAll(keepingCapacity: true)
            // A token that is not of the alphabet is never made of bytes: it can only be decoded.
            let isWritten = model.tokens.withBytes(index) { ByteAlphabet.append($0, to: &bytes) }
            guard isWritten else { continue }
            guard words.insert(bytes, value: id) else {
                let name = abbreviated(model.tokens.text(index))
                throw DefinitionFlaw("model.vocab.\(name)", "stands twice")
            }
        }
        let suffix = Array(model.endOfWordSuffix.utf8)
        guard suffix.isEmpty || !model.ignoresMerges else {
            throw DefinitionFlaw(
                "model.ignore_merges", "is set beside 'end_of_word_suffix', which is not supported")
        }
        byteIDs = try Self.byteIDs(words, suffix: [])
        endingByteIDs = suffix.isEmpty ? nil : try Self.byteIDs(words, suffix: suffix)
        merges = try Self.merges(model.merges, words, byteIDs)
        self.words = words
        takesWholeWords = model.ignoresMerges
    }

    /// The id of each byte with something behind it.
    private static func byteIDs(_ words: ByteStringTable, suffix: [UInt8]) throws -> [Int32] {
        try (UInt8.min...UInt8.max).map { byte in
            guard let id = ([byte] + suffix).withUnsafeBytes(words.value) else {
                let end = String(decoding: suffix, as: UTF8.self)
                throw DefinitionFlaw(
                    "model.vocab",
                    "has no token for the byte \(byte)\(end.isEmpty ? "" : " before '\(end)'")")
            }
            return id
        }
    }

    /// Looks up the tokens of each merge.
    private static func merges(
        _ list: ByteStringList, _ words: ByteStringTable, _ byteIDs: [Int32]
    ) throws -> MergeTable {
        var merges = MergeTable(capacity: list.count / 2)
        var bytes: [UInt8] = []
        for rank in 0..<list.count / 2 {
            bytes.removeAll(keepingCapacity: true)
            let isLeftWritten = list.withBytes(2 * rank) { ByteAlphabet.append($0, to: &bytes) }
            let middle = bytes.count
            let isRightWritten = list.withBytes(2 * rank + 1) {
                ByteAlphabet.append($0, to: &bytes)
            }
            let ids = bytes.withUnsafeBytes { bytes in
                func id(_ range: Range<Int>) -> Int32? {
                    words.value(of: UnsafeRawBufferPointer(rebasing: bytes[range]))
                }
                return (
                    left: isLeftWritten ? id(0..<middle) : nil,
                    right: isRightWritten ? id(middle..<bytes.count) : nil,
                    joined: id(0..<bytes.count)
                )
            }
            guard let left = ids.left, let right = ids.right, let joined = ids.joined else {
                throw unknownToken(list, rank, ids.left == nil, ids.right == nil)
            }
            // Of a pair that is listed twice the reference knows the later place only.
            merges.append(left, right, joined: joined)
        }
        merges.prepare(forBytes: byteIDs)
        return merges
    }

    private static func unknownToken(
        _ list: ByteStringList, _ rank: Int, _ isLeftUnknown: Bool, _ isRightUnknown: Bool
    ) -> DefinitionFlaw {
        let (left, right) = (list.text(2 * rank), list.text(2 * rank + 1))
        let name = isLeftUnknown ? left : isRightUnknown ? right : left + right
        return DefinitionFlaw(
            "model.merges[\(rank)]", "names the unknown token '\(abbreviated(name))'")
    }
}
