import CLinux
import Digests
import FileSystem
import Glibc
import SystemPackage

/// The file in which a sidecar is prepared, beside it.
///
/// Its name is hidden and always the same for one sidecar, so that what a killed process left is taken up by the next
/// one; whoever has it locked works on it.
struct PartFile: ~Copyable {
    let name: FilePath.Component
    private let folder: Int32
    private let file: Int32

    init(beside sidecar: FilePath.Component, in folder: Int32) throws(SidecarError) {
        var digest = MessageDigest()
        digest.update(sidecar.bytes)
        let letters = digest.finalize().prefix(8).hexadecimal
        guard let name = FilePath.Component(".vignette-\(letters).part") else {
            throw SidecarError("cannot be prepared")
        }
        let file = try Self.locked(name, in: folder)
        self.name = name
        self.folder = folder
        self.file = file
    }

    private static func locked(_ name: FilePath.Component, in folder: Int32) throws(SidecarError)
        -> Int32
    {
        for _ in 0..<8 {
            if let file = try open(name, in: folder) { return file }
        }
        throw SidecarError("is being written by another process")
    }

    /// Opens and locks the file; `nil` where it has to be tried again.
    private static func open(_ name: FilePath.Component, in folder: Int32) throws(SidecarError)
        -> Int32?
    {
        let file = name.withPlatformString {
            openat(folder, $0, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
        }
        guard file >= 0 else {
            throw SidecarError(Errno(rawValue: errno), "cannot be written in this folder")
        }
        // Where a file system has no locks, whoever reads the sidecar again before the rename notices.
        if flock(file, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            close(file)
            usleep(20_000)
            return nil
        }
        var own = stat()
        var there = stat()
        let isRegular = fstat(file, &own) == 0 && own.st_mode & S_IFMT == S_IFREG
        let isThere =
            name.withPlatformString { fstatat(folder, $0, &there, AT_SYMLINK_NOFOLLOW) } == 0
        if isRegular, isThere, own.st_ino == there.st_ino, own.st_nlink == 1 { return file }
        // Somebody else has just given it its name, or was killed when the sidecar had both: then nothing may be
        // written into it.
        if isThere, own.st_ino == there.st_ino {
            _ = name.withPlatformString { unlinkat(folder, $0, 0) }
        }
        close(file)
        return nil
    }

    deinit { close(file) }

    /// Writes all bytes, and gives the file its mode and owner.
    ///
    /// - Parameters:
    ///   - bytes: What it is to hold.
    ///   - old: The file that it takes the place of, whose mode and owner it gets.
    ///   - attributes: That file's extended attributes, its access list among them.
    ///   - picture: The picture: whoever may read that may read its new sidecar.
    /// - Throws: `SidecarError`.
    func write(
        _ bytes: [UInt8], like old: stat?, with attributes: ExtendedAttributes,
        beside picture: stat
    ) throws(SidecarError) {
        guard ftruncate(file, 0) == 0, lseek(file, 0, SEEK_SET) == 0 else { throw failure() }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(file, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            written += count
        }
        if let old {
            try keepOwner(old)
            guard fchmod(file, old.st_mode & 0o7777) == 0 else { throw failure() }
            try attributes.set(on: file)
        } else {
            // Where the group cannot be the picture's, it is the folder's or the process's.
            _ = fchown(file, uid_t.max, picture.st_gid)
            guard fchmod(file, picture.st_mode & 0o666 | 0o600) == 0 else { throw failure() }
        }
    }

    /// Has the system begin to write it to the disk, so that several are on their way at once.
    func beginSync() { vignette_begin_writing(file) }

    /// Brings it to the disk.
    func sync() throws(SidecarError) {
        guard fsync(file) == 0 else { throw failure() }
    }

    private func keepOwner(_ status: stat) throws(SidecarError) {
        var own = stat()
        guard fstat(file, &own) == 0 else { throw failure() }
        guard own.st_uid != status.st_uid || own.st_gid != status.st_gid else { return }
        guard fchown(file, status.st_uid, status.st_gid) == 0 else {
            throw SidecarError(
                Errno(rawValue: errno), "belongs to somebody else, whose it could not stay")
        }
    }

    private func failure() -> SidecarError {
        SidecarError(Errno(rawValue: errno), "cannot be written")
    }

    /// Gives the file its name.
    ///
    /// - Returns: `false` where there is one that should not be there.
    func rename(to sidecar: FilePath.Component, replacing: Bool) throws(SidecarError) -> Bool {
        let result = name.withPlatformString { from in
            sidecar.withPlatformString { to in
                replacing ? renameat(folder, from, folder, to) : link(from, to)
            }
        }
        if result == 0 { return true }
        if !replacing, errno == EEXIST { return false }
        throw failure()
    }

    /// Gives it the name only if nobody has it: a second name first, since every file system can do that.
    private func link(_ from: UnsafePointer<CChar>, _ to: UnsafePointer<CChar>) -> Int32 {
        if linkat(folder, from, folder, to, 0) == 0 { return unlinkat(folder, from, 0) }
        // FAT and some of FUSE have no second names.
        guard [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(errno) else { return -1 }
        if faccessat(folder, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0 {
            errno = EEXIST
            return -1
        }
        return renameat(folder, from, folder, to)
    }

    /// Takes the file away; returns what it is given.
    func remove(_ result: Bool) -> Bool {
        _ = name.withPlatformString { unlinkat(folder, $0, 0) }
        return result
    }
}
