import FileSystem
import Glibc
import SystemPackage

/// The right to write an index: an exclusive `flock` on a file beside it, which stays.
///
/// The kernel gives it up when the process dies, however it dies.
final class IndexLock: Sendable {
    private let descriptor: Int32

    init(for index: FilePath) throws(VectorIndexError) {
        let path = FilePath(index.string + ".lock")
        let opened = path.withPlatformString { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        guard opened >= 0 else {
            throw .system(index, doing: "lock", Errno(rawValue: errno))
        }
        descriptor = opened
        SharedFolder.share(opened, at: path)
        while flock(opened, LOCK_EX | LOCK_NB) != 0 {
            guard errno != EWOULDBLOCK else { throw .busy(index) }
            guard errno == EINTR else {
                throw .system(index, doing: "lock", Errno(rawValue: errno))
            }
        }
    }

    deinit { close(descriptor) }
}
