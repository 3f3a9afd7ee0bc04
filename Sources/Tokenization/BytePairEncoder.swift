/// Turns the bytes of pre-tokens into ids: byte-pair encoding.
///
/// Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units", ACL 2016, over
/// bytes: of all neighbours that the merges list, those earliest in the list join first, and of
/// equal ones the leftmost.
struct BytePairEncoder: Sendable {
    /// The id of each single byte.
    let byteIDs: [Int32]
    /// The id of each single byte that ends a pre-token, where that is another token than elsewhere.
    var endingByteIDs: [Int32]?
    /// The ids of whole byte strings.
    let words: ByteStringTable
    let merges: MergeTable
    /// Whether a pre-token that is in the vocabulary is taken whole (`ignore_merges`).
    let takesWholeWords: Bool

    /// Appends the ids of pre-tokens that lie one behind the other.
    ///
    /// - Parameters:
    ///   - text: What they lie in.
    ///   - first: Where the first begins.
    ///   - ends: Where each ends.
    ///   - ids: Takes the ids.
    func encode(
        _ text: UnsafeRawBufferPointer, from first: Int, ends: [Int], into ids: inout [Int]
    ) {
        var merger = WordMerger()
        var cache = WordCache(expecting: ends.count)
        var start = first
        for end in ends {
            let range = start..<end
            start = end
            let bytes = UnsafeRawBufferPointer(rebasing: text[range])
            let hash = words.hash(of: bytes)
            if bytes.count == 1 {
                ids.append(Int((endingByteIDs ?? byteIDs)[Int(bytes[0])]))
            } else if takesWholeWords, let id = words.value(of: bytes, hash: hash) {
                ids.append(Int(id))
            } else if let known = cache.ids(of: range, in: text, hash) {
                for index in known { ids.append(ids[index]) }
            } else {
                let idsStart = ids.count
                merger.merge(bytes, with: self, into: &ids)
                cache.insert(range, ids: idsStart..<ids.count, hash)
            }
        }
    }
}
