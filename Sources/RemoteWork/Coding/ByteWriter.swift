/// Writes numbers and texts one after the other, little-endian, each of unknown length with its length before it.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ value: Double) { add(value.bitPattern) }
    mutating func add(_ value: Float) { add(value.bitPattern) }

    /// A number, or that there is none.
    mutating func add(_ value: Double?) {
        add(UInt8(value == nil ? 0 : 1))
        if let value { add(value) }
    }

    mutating func add(count: Int) { add(UInt32(clamping: count)) }

    mutating func add(_ text: String) { add(counted: Array(text.utf8)) }

    mutating func add(counted block: [UInt8]) {
        add(count: block.count)
        bytes.append(contentsOf: block)
    }

    /// Bytes whose number the reader knows.
    mutating func add(raw block: [UInt8]) { bytes.append(contentsOf: block) }

    mutating func add(floats values: [Float]) {
        add(count: values.count)
        for value in values { add(value) }
    }
}

/// Reads what a `ByteWriter` wrote, or what somebody says that one did: nothing is believed before it was checked.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var left: Int { bytes.count - position }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws(BadBytes) -> Number
    {
        let size = MemoryLayout<Number>.size
        guard left >= size else { throw BadBytes("it ends too early") }
        defer { position += size }
        return bytes.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Number.self))
        }
    }

    /// A finite number within bounds.
    mutating func double(_ bounds: ClosedRange<Double>) throws(BadBytes) -> Double {
        let value = Double(bitPattern: try number(UInt64.self))
        guard value.isFinite, bounds.contains(value) else {
            throw BadBytes("a number is out of bounds")
        }
        return value
    }

    mutating func optionalDouble(_ bounds: ClosedRange<Double>) throws(BadBytes) -> Double? {
        switch try number(UInt8.self) {
        case 0: nil
        case 1: try double(bounds)
        default: throw BadBytes("a mark is neither 0 nor 1")
        }
    }

    /// A count of things of which each takes some bytes, so that none is believed that cannot be there.
    mutating func count(_ bounds: ClosedRange<Int>, each size: Int) throws(BadBytes) -> Int {
        let count = Int(try number(UInt32.self))
        guard bounds.contains(count) else { throw BadBytes("there are \(count) of something") }
        guard count <= left / max(size, 1) else { throw BadBytes("it ends too early") }
        return count
    }

    mutating func block(_ bounds: ClosedRange<Int>) throws(BadBytes) -> [UInt8] {
        let count = try count(bounds, each: 1)
        return try raw(count)
    }

    mutating func raw(_ count: Int) throws(BadBytes) -> [UInt8] {
        guard count >= 0, left >= count else { throw BadBytes("it ends too early") }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func text(atMost bytes: Int) throws(BadBytes) -> String {
        let block = try block(0...bytes)
        guard let text = String(validating: block, as: UTF8.self) else {
            throw BadBytes("a text is not UTF-8")
        }
        return text
    }

    mutating func floats(_ bounds: ClosedRange<Int>, atMost size: Float) throws(BadBytes) -> [Float]
    {
        let count = try count(bounds, each: 4)
        var values: [Float] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            let value = Float(bitPattern: try number(UInt32.self))
            guard value.isFinite, abs(value) <= size else {
                throw BadBytes("a number is out of bounds")
            }
            values.append(value)
        }
        return values
    }

    func finish() throws(BadBytes) {
        guard left == 0 else { throw BadBytes("there are \(left) bytes too many") }
    }
}

/// Bytes that are not what they should be.
public struct BadBytes: Error, Equatable, CustomStringConvertible, Sendable {
    /// What is wrong with them.
    public let description: String

    /// Builds it.
    public init(_ description: String) { self.description = description }
}
