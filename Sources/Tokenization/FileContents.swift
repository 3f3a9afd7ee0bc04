import FileSystem
import SystemPackage

/// Far above any tokenizer's files (Llama 3: 9 MB), in bytes.
private let maximumByteCount = 200_000_000

/// The bytes of a regular file of reasonable size.
///
/// - Throws: `Errno`, `BoundedFile.Problem`.
func contents(of path: FilePath) throws -> [UInt8] {
    try BoundedFile.contents(at: path, limit: maximumByteCount)
}
