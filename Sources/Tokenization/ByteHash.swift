/// Hashes of byte strings and numbers for the tables of this module.
///
/// Folded multiplication (as in wyhash) with secrets drawn anew in every process, so that no file
/// can be made to collide; several times faster on a few bytes than the standard library's hash.
enum ByteHash {
    private static let secrets = (
        UInt64.random(in: .min ... .max) | 1, UInt64.random(in: .min ... .max) | 1
    )

    /// The seeds; a table keeps its own copy, which saves the check whether they are drawn yet.
    struct Seeds: Sendable {
        let first: UInt64
        let second: UInt64

        init() { (first, second) = ByteHash.secrets }
    }

    @inline(__always)
    static func hash(_ number: UInt64, _ seeds: Seeds) -> UInt64 {
        fold(number ^ seeds.first, seeds.second)
    }

    @inline(__always)
    static func hash(_ bytes: UnsafeRawBufferPointer, _ seeds: Seeds) -> UInt64 {
        let count = bytes.count
        var hash = seeds.first ^ UInt64(truncatingIfNeeded: count)
        var position = 0
        while position + 8 < count {
            hash = fold(
                hash ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self), seeds.second)
            position += 8
        }
        return fold(hash ^ tail(bytes, from: position), seeds.second ^ UInt64(count))
    }

    /// The last one to eight bytes as a number; 0 where there are none.
    @inline(__always)
    private static func tail(_ bytes: UnsafeRawBufferPointer, from position: Int) -> UInt64 {
        let rest = bytes.count - position
        func load<Value: FixedWidthInteger>(_ offset: Int, as type: Value.Type) -> UInt64 {
            UInt64(truncatingIfNeeded: bytes.loadUnaligned(fromByteOffset: offset, as: type))
        }
        if rest >= 4 {
            return load(position, as: UInt32.self) | load(bytes.count - 4, as: UInt32.self) << 32
        }
        guard rest > 0 else { return 0 }
        return load(position, as: UInt8.self) | load(position + rest / 2, as: UInt8.self) << 8
            | load(bytes.count - 1, as: UInt8.self) << 16
    }

    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
