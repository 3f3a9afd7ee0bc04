/// Pre-tokens that were merged before in the same text, by their hash.
///
/// It copies nothing: an entry says where in the text the pre-token lies and where among the ids
/// its ids are. Of several with the same place in the table it knows the latest. As it lives no
/// longer than the text, nothing is shared between threads and nothing grows over time.
struct WordCache {
    private struct Entry {
        var hash: UInt64 = 0
        var start = 0
        var end = 0
        var firstID = 0
        var lastID = 0
    }

    private static let maximumCount = 1 << 16
    /// A power of two long.
    private var entries: [Entry]

    /// Makes a table that suits a text of so many pre-tokens.
    init(expecting count: Int) {
        var size = 16
        while size < min(count, Self.maximumCount) { size *= 2 }
        entries = Array(repeating: Entry(), count: size)
    }

    /// Where among the ids the pre-token's are, if it is known.
    @inline(__always)
    func ids(of range: Range<Int>, in text: UnsafeRawBufferPointer, _ hash: UInt64) -> Range<Int>? {
        let entry = entries[Int(truncatingIfNeeded: hash) & (entries.count - 1)]
        guard entry.hash == hash, entry.end - entry.start == range.count,
            text[entry.start..<entry.end].elementsEqual(text[range])
        else { return nil }
        return entry.firstID..<entry.lastID
    }

    mutating func insert(_ range: Range<Int>, ids: Range<Int>, _ hash: UInt64) {
        entries[Int(truncatingIfNeeded: hash) & (entries.count - 1)] = Entry(
            hash: hash, start: range.lowerBound, end: range.upperBound, firstID: ids.lowerBound,
            lastID: ids.upperBound)
    }
}
