/// Places where two symbols could join: lowest rank first, then leftmost (a binary heap).
struct CandidateHeap {
    /// Rank in the upper half, position in the lower, so that integers order as candidates do.
    private var items: [UInt64] = []

    mutating func insert(rank: UInt32, position: Int32) {
        items.append(UInt64(rank) << 32 | UInt64(UInt32(bitPattern: position)))
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child] < items[parent] else { return }
            items.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst() -> (rank: UInt32, position: Int32)? {
        guard let last = items.popLast() else { return nil }
        guard let first = items.first else { return Self.parts(last) }
        items[0] = last
        var parent = 0
        while true {
            var least = parent
            let child = 2 * parent + 1
            if child < items.count, items[child] < items[least] { least = child }
            if child + 1 < items.count, items[child + 1] < items[least] { least = child + 1 }
            guard least != parent else { return Self.parts(first) }
            items.swapAt(parent, least)
            parent = least
        }
    }

    private static func parts(_ item: UInt64) -> (rank: UInt32, position: Int32) {
        (UInt32(item >> 32), Int32(bitPattern: UInt32(truncatingIfNeeded: item)))
    }
}
