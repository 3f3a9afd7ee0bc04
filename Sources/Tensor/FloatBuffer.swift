import Glibc

/// Single precision numbers in a row: memory of its own, or a part of a mapped file.
///
/// `@unchecked Sendable`: a mapped buffer is never written, and an owned one only by a `Matrix`
/// that holds the only reference to it.
final class FloatBuffer: @unchecked Sendable {
    /// The first number, at a multiple of 64 bytes where the memory is the buffer's own.
    let start: UnsafeMutablePointer<Float>
    /// How many numbers there is room for.
    let capacity: Int
    /// What keeps the memory alive where it is not the buffer's own.
    private let owner: MappedFile?

    /// Takes uninitialised memory.
    init(capacity: Int) {
        precondition(capacity >= 0)
        let raw = SpareMemory.shared.take(capacity * MemoryLayout<Float>.stride)
        start = raw.bindMemory(to: Float.self, capacity: max(capacity, 1))
        self.capacity = capacity
        owner = nil
    }

    /// Points at numbers in a mapped file; `nil` where they are no aligned single precision.
    init?(mapping weights: Weights) {
        guard weights.elementType == .float32, let base = weights.bytes.baseAddress,
            UInt(bitPattern: base) % UInt(MemoryLayout<Float>.alignment) == 0
        else { return nil }
        let count = weights.count
        // Nothing writes through this pointer: only owned buffers back a matrix.
        start = UnsafeMutableRawPointer(mutating: base).bindMemory(to: Float.self, capacity: count)
        capacity = count
        owner = weights.file
    }

    deinit {
        guard owner == nil else { return }
        SpareMemory.shared.give(
            UnsafeMutableRawPointer(start), byteCount: capacity * MemoryLayout<Float>.stride)
    }
}
