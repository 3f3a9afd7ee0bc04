import FileSystem
import Glibc
import Synchronization
import SystemPackage

/// An open index file.
final class IndexFile: Sendable {
    private let place: Mutex<FilePath>
    let header: IndexHeader
    let layout: IndexLayout
    private let descriptor: Int32

    /// Opens the file at `path` and checks its header.
    ///
    /// - Throws: `.missing`, `.unusable`, `.system`.
    init(
        opening path: FilePath, for description: IndexDescription, isWriting: Bool
    ) throws(VectorIndexError) {
        // Whatever stands in the place of a file must not keep the program waiting.
        let flags = (isWriting ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        let opened = path.withPlatformString { open($0, flags) }
        guard opened >= 0 else {
            throw errno == ENOENT
                ? .missing(path) : .system(path, doing: "open", Errno(rawValue: errno))
        }
        place = Mutex(path)
        descriptor = opened
        header = IndexHeader(description)
        layout = IndexLayout(description)
        guard try status().isRegular else {
            throw .unusable(path, reason: "it is no regular file")
        }
        let bytes = try read(at: 0, count: IndexLayout.headerBytes)
        if let problem = IndexHeader.problem(bytes, for: description) {
            throw .unusable(path, reason: problem)
        }
    }

    /// Makes a file without rows at `path`, where none may be.
    ///
    /// - Throws: `.system`.
    init(creating path: FilePath, for description: IndexDescription) throws(VectorIndexError) {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC
        let opened = path.withPlatformString { open($0, flags, 0o600) }
        guard opened >= 0 else {
            throw .system(path, doing: "create", Errno(rawValue: errno))
        }
        SharedFolder.share(opened, at: path)
        place = Mutex(path)
        descriptor = opened
        header = IndexHeader(description)
        layout = IndexLayout(description)
        try grow(to: IndexLayout.headerBytes)
        try write(header.bytes, at: 0)
        try write(IndexCommit.empty.bytes(in: header), at: IndexCommit.empty.offset)
    }

    deinit { close(descriptor) }

    /// Its name.
    var path: FilePath { place.withLock { $0 } }

    /// Gives it the name of another file, which is that one's no more.
    func moveInPlace(of other: FilePath) throws(VectorIndexError) {
        let result = path.withPlatformString { old in
            other.withPlatformString { rename(old, $0) }
        }
        guard result == 0 else { throw failure("rename") }
        place.withLock { $0 = other }
    }

    /// Removes the file at `path`, if there is one; whoever has it open keeps it.
    static func remove(_ path: FilePath) throws(VectorIndexError) {
        guard path.withPlatformString({ unlink($0) }) == 0 || errno == ENOENT else {
            throw .system(path, doing: "remove", Errno(rawValue: errno))
        }
    }

    /// How much of the file counts at present.
    ///
    /// - Throws: `.unusable` where neither commit is whole, or the file is shorter than they say.
    func commit() throws(VectorIndexError) -> IndexCommit {
        // While one is being written the other is whole; by the next look both may have been.
        for _ in 0..<100 {
            var newest: IndexCommit?
            for offset in IndexLayout.commitOffsets {
                let bytes = try read(at: offset, count: IndexCommit.byteCount)
                guard let commit = IndexCommit(bytes, in: header, layout) else { continue }
                if commit.generation >= newest?.generation ?? 0 { newest = commit }
            }
            guard let newest else { continue }
            guard try status().size >= layout.fileBytes(rows: newest.rows) else {
                throw .unusable(path, reason: "it is shorter than it says")
            }
            return newest
        }
        throw .unusable(path, reason: "it does not say how many rows it has")
    }

    /// Reads up to so many bytes; fewer at the end of the file.
    func read(at offset: Int, count: Int) throws(VectorIndexError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let read = bytes.withUnsafeMutableBytes {
                pread(
                    descriptor, $0.baseAddress.map { $0 + done }, count - done, off_t(offset + done)
                )
            }
            if read == 0 { break }
            if read < 0, errno == EINTR { continue }
            guard read > 0 else { throw failure("read") }
            done += read
        }
        bytes.removeLast(count - done)
        return bytes
    }

    /// Writes all of the bytes.
    func write(_ bytes: [UInt8], at offset: Int) throws(VectorIndexError) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes {
                pwrite(
                    descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done,
                    off_t(offset + done))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failure("write") }
            done += written
        }
    }

    /// Makes the file longer, never shorter: others have it mapped.
    func grow(to byteCount: Int) throws(VectorIndexError) {
        guard try status().size < byteCount else { return }
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw failure("enlarge") }
    }

    /// Waits until what was written is on the disk.
    func synchronise() throws(VectorIndexError) {
        guard fdatasync(descriptor) == 0 else { throw failure("write") }
    }

    /// Whether its name still leads to it.
    func isInPlace() throws(VectorIndexError) -> Bool {
        var named = stat()
        guard path.withPlatformString({ stat($0, &named) }) == 0 else { return false }
        let status = try status()
        return named.st_ino == status.inode && named.st_dev == status.device
    }

    /// Maps its first bytes, all of which must be there.
    func map(byteCount: Int) throws(VectorIndexError) -> IndexMapping {
        guard let mapping = IndexMapping(descriptor, byteCount: byteCount) else {
            throw failure("map")
        }
        return mapping
    }

    private func status() throws(VectorIndexError)
        -> (size: Int, isRegular: Bool, inode: ino_t, device: dev_t)
    {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("look at") }
        return (
            Int(status.st_size), status.st_mode & S_IFMT == S_IFREG, status.st_ino, status.st_dev
        )
    }

    private func failure(_ doing: String) -> VectorIndexError {
        .system(path, doing: doing, Errno(rawValue: errno))
    }
}
