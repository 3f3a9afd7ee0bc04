import Glibc
import SystemPackage

/// Far above any tokenizer's files (Llama 3: 9 MB).
private let maximumByteCount = 200_000_000

/// The bytes of a regular file of reasonable size.
///
/// - Throws: `Errno`; `.fileTooLarge` above the limit.
func contents(of path: FilePath) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
    return try file.closeAfter {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Errno.invalidArgument }
        guard status.st_size <= maximumByteCount else { throw Errno.fileTooLarge }
        return try [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(
                    UnsafeMutableBufferPointer(rebasing: buffer[count...]))
                let read = try file.read(into: rest)
                guard read > 0 else { return }
                count += read
            }
        }
    }
}
