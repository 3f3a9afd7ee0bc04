import FileSystem
import Glibc
import Synchronization
import SystemPackage

/// The right to be a catalogue's owner: an exclusive `flock` on a file beside it.
///
/// The kernel gives the lock up when the process dies, however it dies. The file stays and holds
/// the process id of its last holder, for messages only.
final class OwnerLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock of the catalogue at `path`.
    init(for path: FilePath) throws(CatalogueError) {
        let file = Self.file(for: path)
        let opened = file.withPlatformString { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        guard opened >= 0 else {
            throw .inaccessible(
                path, reason: "cannot open \(file): \(Errno(rawValue: errno))")
        }
        SharedFolder.share(opened, at: file)
        guard Self.acquire(opened) else {
            let failure = errno
            let holder = Self.processID(in: opened)
            Glibc.close(opened)
            guard failure == EWOULDBLOCK else {
                throw .inaccessible(
                    path, reason: "cannot lock \(file): \(Errno(rawValue: failure))")
            }
            throw .alreadyOwned(path, processID: holder)
        }
        Self.write(processID: getpid(), to: opened)
        descriptor = Mutex(opened)
    }

    deinit {
        release()
    }

    /// Gives the lock up; doing so again does nothing.
    func release() {
        descriptor.withLock { descriptor in
            if let opened = descriptor { Glibc.close(opened) }
            descriptor = nil
        }
    }

    /// The process that holds the lock of the catalogue at `path`.
    static func holder(for path: FilePath) -> Int32? {
        let opened = file(for: path).withPlatformString { open($0, O_RDONLY | O_CLOEXEC) }
        guard opened >= 0 else { return nil }
        defer { Glibc.close(opened) }
        // `flock` cannot be asked, only tried; a shared lock that succeeds is gone with the close.
        guard flock(opened, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return processID(in: opened)
    }

    private static func file(for path: FilePath) -> FilePath {
        FilePath(path.string + ".lock")
    }

    /// Tries for a tenth of a second, so that somebody who only asks who holds it is not in the way.
    private static func acquire(_ descriptor: Int32) -> Bool {
        for attempt in 0..<5 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            if errno != EWOULDBLOCK && errno != EINTR { return false }
            if attempt < 4 { usleep(20_000) }
        }
        errno = EWOULDBLOCK
        return false
    }

    private static func write(processID: Int32, to descriptor: Int32) {
        let line = Array("\(processID)\n".utf8)
        // A message without a number is the worst that can come of a failure here.
        if ftruncate(descriptor, 0) == 0 {
            _ = pwrite(descriptor, line, line.count, 0)
        }
    }

    private static func processID(in descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let digits = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: digits, as: UTF8.self))
    }
}
