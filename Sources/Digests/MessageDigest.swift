internal import CCrypto
public import FoundationEssentials

/// A digest that is fed piece by piece.
///
/// Not copyable: libcrypto's state behind it has one owner.
public struct MessageDigest: ~Copyable {
    /// Which function.
    public enum Algorithm: Sendable {
        /// SHA-256 (FIPS 180-4): 32 bytes.
        case sha256
        /// SHA-1: 20 bytes. Good for nothing but what git has named by it.
        case sha1
    }

    private let context: OpaquePointer
    private let function: OpaquePointer

    /// Begins.
    public init(_ algorithm: Algorithm = .sha256) {
        function =
            switch algorithm {
            case .sha256: EVP_sha256()
            case .sha1: EVP_sha1()
            }
        guard let context = EVP_MD_CTX_new() else { fatalError("no memory for a digest") }
        self.context = context
        begin()
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public mutating func update(_ bytes: some ContiguousBytes) {
        bytes.withUnsafeBytes { bytes in
            Self.check(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count))
        }
    }

    /// Ends: the digest of all bytes that were added, after which it begins anew with none.
    public mutating func finalize() -> [UInt8] {
        let digest = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            Self.check(EVP_DigestFinal_ex(context, buffer.baseAddress, &length))
            count = Int(length)
        }
        begin()
        return digest
    }

    private func begin() {
        Self.check(EVP_DigestInit_ex(context, function, nil))
    }

    /// These functions fail where memory is out, or where the machine's OpenSSL was set up without
    /// the function; either way no digest can be had, and a wrong one must not be taken for one.
    private static func check(_ result: Int32) {
        guard result == 1 else { fatalError("OpenSSL cannot compute a digest on this machine") }
    }

    /// The digest of bytes that are all there.
    public static func hash(
        _ bytes: some ContiguousBytes, _ algorithm: Algorithm = .sha256
    ) -> [UInt8] {
        var digest = MessageDigest(algorithm)
        digest.update(bytes)
        return digest.finalize()
    }
}
