import Foundation

/// Vectors as stored: IEEE 754 binary16, little-endian, half the size of what is computed with.
enum HalfPrecision {
    /// Encodes to two bytes an element, rounding to nearest, ties to even.
    ///
    /// - Throws: `CatalogueError.invalid` at an element that is not finite or rounds beyond 65,504.
    static func encode(_ values: [Float]) throws(CatalogueError) -> Data {
        var halves: [UInt16] = []
        halves.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            let half = Float16(value)
            guard half.isFinite else {
                throw .invalid(
                    reason: "element \(index) of a vision token, \(value), has no 16-bit form")
            }
            halves.append(half.bitPattern.littleEndian)
        }
        return halves.withUnsafeBytes { Data($0) }
    }

    /// Decodes what `encode` wrote; exact.
    ///
    /// - Throws: `CatalogueError.invalid` for an odd number of bytes.
    static func decode(_ data: Data) throws(CatalogueError) -> [Float] {
        let bytes = [UInt8](data)
        guard bytes.count.isMultiple(of: 2) else {
            throw .invalid(reason: "a stored vision token has an odd number of bytes")
        }
        return stride(from: 0, to: bytes.count, by: 2).map { index in
            Float(Float16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8))
        }
    }
}
