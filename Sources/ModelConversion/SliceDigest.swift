import Digests

/// The check sum of a part of a file, so that the file can be read back and compared.
struct SliceDigest: Equatable, Sendable {
    let byteCount: Int
    private let digest: [UInt8]

    init(_ bytes: UnsafeRawBufferPointer) {
        byteCount = bytes.count
        digest = MessageDigest.hash(bytes)
    }
}
