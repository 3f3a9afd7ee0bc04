extension BytePairEncoder {
    /// Builds the tables that encoding looks things up in.
    ///
    /// - Throws: `DefinitionFlaw` for a token that stands twice, a byte without a token, or a merge
    ///   that names or makes an unknown token.
    init(_ model: BytePairModel) throws {
        var words = ByteStringTable()
        for (token, id) in model.vocabulary {
            // A token that is not of the alphabet is never made of bytes: it can only be decoded.
            guard let bytes = ByteAlphabet.bytes(of: token) else { continue }
            guard words.insert(bytes, value: id) else {
                throw DefinitionFlaw("model.vocab.\(abbreviated(token))", "stands twice")
            }
        }
        byteIDs = try (UInt8.min...UInt8.max).map { byte in
            guard let id = withUnsafeBytes(of: byte, words.value) else {
                throw DefinitionFlaw("model.vocab", "has no token for the byte \(byte)")
            }
            return id
        }
        merges = try Self.merges(model.merges, words)
        self.words = words
        takesWholeWords = model.ignoresMerges
    }

    private static func merges(
        _ pairs: [(left: String, right: String)], _ words: ByteStringTable
    ) throws -> [UInt64: Merge] {
        var merges: [UInt64: Merge] = [:]
        merges.reserveCapacity(pairs.count)
        for (rank, pair) in pairs.enumerated() {
            func id(_ bytes: [UInt8]?, _ name: String) throws -> Int32 {
                guard let id = bytes.flatMap({ $0.withUnsafeBytes(words.value) }) else {
                    throw DefinitionFlaw(
                        "model.merges[\(rank)]", "names the unknown token '\(abbreviated(name))'")
                }
                return id
            }
            let left = ByteAlphabet.bytes(of: pair.left)
            let right = ByteAlphabet.bytes(of: pair.right)
            let key = BytePairEncoder.pair(try id(left, pair.left), try id(right, pair.right))
            let joined = try id((left ?? []) + (right ?? []), pair.left + pair.right)
            // Of a pair that is listed twice the reference knows the later place only.
            merges[key] = Merge(rank: UInt32(rank), id: joined)
        }
        return merges
    }
}
