internal import CCrypto

/// scrypt (RFC 7914): a hash for passwords that takes time and memory to try.
public enum Scrypt {
    private static let bytes = 32
    private static let cost: UInt64 = 1 << 15
    private static let blockSize: UInt64 = 8
    private static let memory: UInt64 = 64 << 20

    /// The hash of a password: N = 2¹⁵, r = 8, p = 1, which takes 32 MiB.
    ///
    /// - Parameters:
    ///   - password: Any bytes.
    ///   - salt: Random bytes, kept beside the hash.
    /// - Returns: 32 bytes.
    public static func hash(_ password: [UInt8], salt: [UInt8]) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: bytes)
        let result = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.baseAddress?.assumingMemoryBound(to: CChar.self), password.count, salt,
                salt.count, cost, blockSize, 1, memory, &key, key.count)
        }
        guard result == 1 else { fatalError("OpenSSL cannot compute scrypt on this machine") }
        return key
    }
}
