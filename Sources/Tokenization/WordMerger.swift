/// Joins the symbols of one pre-token after another: a linked list over an array.
///
/// Candidates wait in a heap, so a word of n bytes takes n log n steps whatever its length. A
/// candidate whose symbols have changed since is recognised when it comes up and dropped. The
/// arrays are kept from word to word.
struct WordMerger {
    private struct Symbol {
        /// -1 where it has joined its left neighbour.
        var id: Int32
        var previous: Int32
        var next: Int32
        /// The rank at which it joins its right neighbour; `.max` where it does not.
        var rank = UInt32.max
    }

    private var symbols: [Symbol] = []
    private var candidates = CandidateHeap()

    /// Appends the ids of a pre-token.
    mutating func merge(
        _ bytes: UnsafeRawBufferPointer, with encoder: BytePairEncoder, into ids: inout [Int]
    ) {
        symbols.removeAll(keepingCapacity: true)
        let last = bytes.count - 1
        for (position, byte) in bytes.enumerated() {
            let place = Int32(truncatingIfNeeded: position)
            var symbol = Symbol(
                id: encoder.byteIDs[Int(byte)], previous: place - 1, next: place + 1)
            if let ending = encoder.endingByteIDs, position + 1 >= last {
                if position == last { symbol.id = ending[Int(byte)] }
                if position < last {
                    let next = ending[Int(bytes[last])]
                    symbol.rank = encoder.merges.rank(symbol.id, next) ?? .max
                }
            } else if position < last {
                symbol.rank = encoder.merges.rank(ofBytes: byte, bytes[position + 1])
            }
            if symbol.rank != .max { candidates.insert(rank: symbol.rank, position: place) }
            symbols.append(symbol)
        }
        while let (rank, position) = candidates.popFirst() {
            let left = Int(position)
            guard symbols[left].id >= 0, symbols[left].rank == rank else { continue }
            join(left, encoder.merges)
        }
        for symbol in symbols where symbol.id >= 0 { ids.append(Int(symbol.id)) }
    }

    /// Joins a symbol and its right neighbour.
    private mutating func join(_ left: Int, _ merges: MergeTable) {
        let right = Int(symbols[left].next)
        let after = symbols[right].next
        symbols[left].id = merges.id(symbols[left].rank)
        symbols[left].next = after
        symbols[right].id = -1
        if Int(after) < symbols.count { symbols[Int(after)].previous = Int32(left) }
        propose(left, merges)
        if symbols[left].previous >= 0 { propose(Int(symbols[left].previous), merges) }
    }

    /// Looks up what a symbol and its right neighbour become, and queues that.
    private mutating func propose(_ left: Int, _ merges: MergeTable) {
        let right = Int(symbols[left].next)
        guard right < symbols.count,
            let rank = merges.rank(symbols[left].id, symbols[right].id)
        else {
            symbols[left].rank = .max
            return
        }
        symbols[left].rank = rank
        candidates.insert(rank: rank, position: Int32(left))
    }
}
