import Glibc

/// Byte strings and the numbers they stand for, found without allocating.
///
/// All strings lie end to end in one array; an open-addressed table points into it.
struct ByteStringTable: Sendable {
    private struct Entry {
        let start: Int
        let count: Int32
        let value: Int32
    }

    private struct Slot {
        /// Half of the hash, so that a string is compared with next to none but itself.
        var hash: UInt32 = 0
        /// Index into `entries`, or -1.
        var entry: Int32 = -1
    }

    private let seeds = ByteHash.Seeds()
    private var storage: [UInt8] = []
    private var entries: [Entry] = []
    /// A power of two long and at most half full.
    private var slots: [Slot]

    /// Makes room for as many strings as are expected.
    init(capacity: Int = 8) {
        var count = 16
        while count < 2 * capacity { count *= 2 }
        slots = Array(repeating: Slot(), count: count)
        entries.reserveCapacity(capacity)
    }

    @inline(__always)
    func hash(of bytes: UnsafeRawBufferPointer) -> UInt64 { ByteHash.hash(bytes, seeds) }

    /// The number of a byte string.
    func value(of bytes: UnsafeRawBufferPointer) -> Int32? {
        value(of: bytes, hash: hash(of: bytes))
    }

    /// The number of a byte string whose hash is known.
    func value(of bytes: UnsafeRawBufferPointer, hash: UInt64) -> Int32? {
        let entry = slots[slot(for: bytes, hash)].entry
        return entry < 0 ? nil : entries[Int(entry)].value
    }

    /// Adds a byte string; false, and no change, where it is there already.
    mutating func insert(_ bytes: UnsafeRawBufferPointer, value: Int32) -> Bool {
        if (entries.count + 1) * 2 > slots.count { grow() }
        let hash = hash(of: bytes)
        let slot = slot(for: bytes, hash)
        guard slots[slot].entry < 0 else { return false }
        slots[slot] = Slot(
            hash: UInt32(truncatingIfNeeded: hash >> 32), entry: Int32(entries.count))
        entries.append(Entry(start: storage.count, count: Int32(bytes.count), value: value))
        storage.append(contentsOf: bytes)
        return true
    }

    mutating func insert(_ bytes: [UInt8], value: Int32) -> Bool {
        bytes.withUnsafeBytes { insert($0, value: value) }
    }

    /// The slot that holds the byte string, or the free one where it would go.
    @inline(__always)
    private func slot(for bytes: UnsafeRawBufferPointer, _ hash: UInt64) -> Int {
        let slots = slots.span
        let mask = slots.count - 1
        let half = UInt32(truncatingIfNeeded: hash >> 32)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let candidate = slots[slot]
            if candidate.entry < 0 { return slot }
            if candidate.hash == half, holds(Int(candidate.entry), bytes) { return slot }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    private func holds(_ index: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let entry = entries[index]
        guard Int(entry.count) == bytes.count else { return false }
        guard let other = bytes.baseAddress else { return true }
        return storage.withUnsafeBytes { storage in
            let own = UnsafeRawBufferPointer(
                rebasing: storage[entry.start..<entry.start + bytes.count])
            return own.baseAddress.map { memcmp($0, other, bytes.count) == 0 } ?? true
        }
    }

    private mutating func grow() {
        slots = Array(repeating: Slot(), count: slots.count * 2)
        for (index, entry) in entries.enumerated() {
            storage.withUnsafeBytes { storage in
                let bytes = UnsafeRawBufferPointer(
                    rebasing: storage[entry.start..<entry.start + Int(entry.count)])
                let hash = hash(of: bytes)
                let slot = slot(for: bytes, hash)
                slots[slot] = Slot(
                    hash: UInt32(truncatingIfNeeded: hash >> 32), entry: Int32(index))
            }
        }
    }
}
