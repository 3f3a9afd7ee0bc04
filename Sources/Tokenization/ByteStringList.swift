/// Byte strings by their place, end to end in one array.
struct ByteStringList: Sendable {
    private(set) var storage: [UInt8] = []
    private var ends: [Int] = []

    var count: Int { ends.count }

    /// Where in `storage` a string lies.
    func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    /// Lends a string's bytes.
    @inline(__always)
    func withBytes<Result>(
        _ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try storage.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range(index)])) }
    }

    /// A string as text, for messages.
    func text(_ index: Int) -> String { String(decoding: storage[range(index)], as: UTF8.self) }

    /// Adds what `write` puts behind the strings so far.
    mutating func append(_ write: (inout [UInt8]) throws -> Void) rethrows {
        try write(&storage)
        ends.append(storage.count)
    }
}
