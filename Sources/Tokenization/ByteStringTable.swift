/// Byte strings and the numbers they stand for, found without allocating.
///
/// All strings lie end to end in one array; an open-addressed table points into it. Swift's own
/// hashing is seeded anew in every process, so no file can be made to collide.
struct ByteStringTable: Sendable {
    private var storage: [UInt8] = []
    private var entries: [(start: Int, count: Int, value: Int32)] = []
    /// Index into `entries`, or -1; a power of two long and at most half full.
    private var slots: [Int32] = Array(repeating: -1, count: 16)

    /// The number of a byte string.
    func value(of bytes: UnsafeRawBufferPointer) -> Int32? {
        let entry = slots[slot(for: bytes)]
        return entry < 0 ? nil : entries[Int(entry)].value
    }

    /// Adds a byte string; false, and no change, where it is there already.
    mutating func insert(_ bytes: [UInt8], value: Int32) -> Bool {
        if (entries.count + 1) * 2 > slots.count { grow() }
        let slot = bytes.withUnsafeBytes { self.slot(for: $0) }
        guard slots[slot] < 0 else { return false }
        slots[slot] = Int32(entries.count)
        entries.append((storage.count, bytes.count, value))
        storage += bytes
        return true
    }

    /// The slot that holds the byte string, or the free one where it would go.
    private func slot(for bytes: UnsafeRawBufferPointer) -> Int {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        let mask = slots.count - 1
        var slot = hasher.finalize() & mask
        while slots[slot] >= 0, !holds(entries[Int(slots[slot])], bytes) {
            slot = (slot + 1) & mask
        }
        return slot
    }

    private func holds(
        _ entry: (start: Int, count: Int, value: Int32), _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        guard entry.count == bytes.count else { return false }
        return storage[entry.start..<entry.start + entry.count].elementsEqual(bytes)
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for (index, entry) in entries.enumerated() {
            let range = entry.start..<entry.start + entry.count
            let slot = storage[range].withUnsafeBytes { self.slot(for: $0) }
            slots[slot] = Int32(index)
        }
    }
}
