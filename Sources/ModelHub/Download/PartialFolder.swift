import Glibc
import SystemPackage

/// The folder `NAME.partial` of a download, while this process works on it.
///
/// ```text
/// NAME.partial/lock          held by the process that downloads
/// NAME.partial/contents/…    files that were verified, as the model will have them
/// NAME.partial/unfinished/…  files of which blocks are missing
/// NAME.partial/journals/…    which blocks those have
/// ```
final class PartialFolder: Sendable {
    let path: FilePath
    private let lock: FileDescriptor

    /// Where the verified files stand.
    var contents: FilePath { path.appending("contents") }

    /// Opens or makes the folder and keeps other processes out until this object goes.
    ///
    /// - Throws: `HubError` where another process has it, or it cannot be made.
    init(_ path: FilePath) throws {
        self.path = path
        do {
            try Self.makeFolders(path)
            lock = try Self.lock(path)
            for name in ["contents", "unfinished", "journals"] {
                try Self.makeFolders(path.appending(name))
            }
        } catch let error as Errno {
            guard error != .wouldBlock else {
                throw HubError(
                    path, "is being worked on by another process", advice: "Wait until it ends.")
            }
            throw StorageFailure.error(path, error)
        }
    }

    deinit { try? lock.close() }

    /// Where a file's bytes are gathered.
    func data(_ file: RepositoryPath) -> FilePath { file.path(in: path.appending("unfinished")) }

    /// Where a file's blocks are noted.
    func journal(_ file: RepositoryPath) -> FilePath { file.path(in: path.appending("journals")) }

    /// Where a verified file stands.
    func verified(_ file: RepositoryPath) -> FilePath { file.path(in: contents) }

    /// Takes the lock of a partial download.
    ///
    /// - Throws: `Errno`; `.wouldBlock` where another process has it.
    static func lock(_ path: FilePath) throws -> FileDescriptor {
        let lock = try FileDescriptor.open(
            path.appending("lock"), .readWrite, options: [.create, .closeOnExec, .noFollow],
            permissions: [.ownerReadWrite])
        guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let code = Errno(rawValue: errno)
            try? lock.close()
            throw code
        }
        return lock
    }

    /// Makes the folders that a file is put into.
    ///
    /// - Throws: `Errno`.
    func makeParents(of file: FilePath) throws(Errno) {
        try Self.makeFolders(file.removingLastComponent())
    }

    private static func makeFolders(_ path: FilePath) throws(Errno) {
        if path.withPlatformString({ mkdir($0, 0o755) }) == 0 { return }
        switch errno {
        case EEXIST:
            var status = stat()
            let isFolder =
                path.withPlatformString { stat($0, &status) } == 0
                && status.st_mode & S_IFMT == S_IFDIR
            if !isFolder { throw .notDirectory }
        case ENOENT where path.components.count > 1:
            try makeFolders(path.removingLastComponent())
            try makeFolders(path)
        default: throw Errno(rawValue: errno)
        }
    }

    /// Moves a file whose bytes were verified to where the model will have it.
    ///
    /// - Throws: `HubError`.
    func accept(_ file: RepositoryPath) throws {
        let (source, target) = (data(file), verified(file))
        do {
            try OpenFile(reading: source).synchronize()
            try makeParents(of: target)
            try Self.rename(source, target)
            _ = journal(file).withPlatformString { unlink($0) }
        } catch {
            throw StorageFailure.error(target, error)
        }
    }

    /// Removes whatever stands where a file's bytes are gathered and noted.
    func discard(_ file: RepositoryPath) {
        for path in [data(file), journal(file)] { _ = path.withPlatformString { unlink($0) } }
    }

    static func rename(_ source: FilePath, _ target: FilePath) throws(Errno) {
        let result = source.withPlatformString { source in
            target.withPlatformString { Glibc.rename(source, $0) }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }
}
