/// Integers as bytes, least significant first, for the wire between parent and child.
extension [UInt8] {
    /// Appends the bytes of `value`.
    package mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}

extension Collection<UInt8> {
    /// Reads an integer at the front; `nil` if there are too few bytes.
    package func littleEndian<Value: FixedWidthInteger & UnsignedInteger>(
        _ type: Value.Type = Value.self
    ) -> Value? {
        let size = MemoryLayout<Value>.size
        guard count >= size else { return nil }
        return prefix(size).reversed().reduce(0) { $0 << 8 | Value($1) }
    }
}
