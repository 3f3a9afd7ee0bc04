/// Turns the bytes of one pre-token into ids: byte-pair encoding.
///
/// Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units", ACL 2016, over
/// bytes: of all neighbours that the merges list, those earliest in the list join first, and of
/// equal ones the leftmost.
struct BytePairEncoder: Sendable {
    /// What two neighbours become.
    struct Merge: Sendable {
        /// Place in the list of merges: lower joins first.
        let rank: UInt32
        let id: Int32
    }

    /// The id of each single byte.
    let byteIDs: [Int32]
    /// The ids of whole byte strings.
    let words: ByteStringTable
    /// Merges by left id (upper half) and right id (lower half).
    let merges: [UInt64: Merge]
    /// Whether a pre-token that is in the vocabulary is taken whole (`ignore_merges`).
    let takesWholeWords: Bool

    /// The key of two neighbours in `merges`.
    static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Appends the ids of one pre-token.
    func encode(_ bytes: UnsafeRawBufferPointer, into ids: inout [Int]) {
        guard !bytes.isEmpty else { return }
        if takesWholeWords || bytes.count == 1, let id = words.value(of: bytes) {
            ids.append(Int(id))
            return
        }
        var word = MergingWord(bytes.map { byteIDs[Int($0)] })
        word.merge(by: merges)
        word.appendIDs(to: &ids)
    }
}

/// The symbols of a pre-token while neighbours join: a linked list over an array.
///
/// Candidates wait in a heap, so a word of n bytes takes n log n steps whatever its length. A
/// candidate whose symbols have changed since is recognised when it comes up and dropped.
private struct MergingWord {
    /// An id a symbol; -1 where it has joined its left neighbour.
    private var ids: [Int32]
    private var next: [Int32]
    private var previous: [Int32]
    private var candidates = CandidateHeap()

    init(_ ids: [Int32]) {
        self.ids = ids
        let count = Int32(ids.count)
        next = (0..<count).map { $0 + 1 }
        previous = (0..<count).map { $0 - 1 }
    }

    mutating func merge(by merges: [UInt64: BytePairEncoder.Merge]) {
        for position in 0..<Int32(ids.count) - 1 { propose(position, merges) }
        while let (rank, left) = candidates.popFirst() {
            guard let merge = merge(at: left, merges), merge.rank == rank else { continue }
            let right = next[Int(left)]
            ids[Int(left)] = merge.id
            ids[Int(right)] = -1
            let after = next[Int(right)]
            next[Int(left)] = after
            if Int(after) < ids.count { previous[Int(after)] = left }
            propose(left, merges)
            if previous[Int(left)] >= 0 { propose(previous[Int(left)], merges) }
        }
    }

    func appendIDs(to result: inout [Int]) {
        for id in ids where id >= 0 { result.append(Int(id)) }
    }

    private mutating func propose(_ left: Int32, _ merges: [UInt64: BytePairEncoder.Merge]) {
        guard let merge = merge(at: left, merges) else { return }
        candidates.insert(rank: merge.rank, position: left)
    }

    /// What the symbol and its right neighbour become, if anything.
    private func merge(
        at left: Int32, _ merges: [UInt64: BytePairEncoder.Merge]
    ) -> BytePairEncoder.Merge? {
        let right = Int(next[Int(left)])
        guard ids[Int(left)] >= 0, right < ids.count else { return nil }
        return merges[BytePairEncoder.pair(ids[Int(left)], ids[right])]
    }
}
