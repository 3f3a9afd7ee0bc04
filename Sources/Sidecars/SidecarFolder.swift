import CLinux
import FileSystem
import Glibc
import MediaDecoding
import SystemPackage

/// The folder of a picture, open, in which sidecars are found, read and replaced.
///
/// Whatever is renamed or mounted meanwhile, it stays the same folder.
struct SidecarFolder: ~Copyable {
    private let directory: OpenDirectory

    /// Opens the folder of a picture, without following a link on the way.
    ///
    /// - Parameters:
    ///   - path: The picture below its root.
    ///   - root: The root.
    /// - Throws: `SidecarError`.
    init(of path: FilePath, below root: FilePath) throws(SidecarError) {
        try self.init(path.removingLastComponent(), below: root)
    }

    /// Opens a folder below another one, without following a link on the way.
    ///
    /// - Throws: `SidecarError`.
    init(_ above: FilePath, below root: FilePath) throws(SidecarError) {
        do {
            let top = try OpenDirectory(at: root)
            guard !above.isEmpty else {
                directory = top
                return
            }
            do {
                directory = try OpenDirectory(below: top.descriptor, path: above)
            } catch  where error == .noFunction || error == .notPermitted {
                directory = try Self.walk(top, Array(above.components))
            }
        } catch {
            throw SidecarError(error, "the folder cannot be opened")
        }
    }

    private init(_ directory: consuming OpenDirectory) {
        self.directory = directory
    }

    /// Opens a folder below the one that holds sidecars apart, and makes what is missing of it.
    ///
    /// What is made may be read by whoever may read the folder of pictures in whose place it stands: a sidecar tells
    /// what is to be seen in them.
    ///
    /// - Parameters:
    ///   - path: The folder; below `/` it is the one of the pictures.
    ///   - top: The one that holds sidecars apart, which has to be there.
    /// - Throws: `SidecarError`.
    init(making path: FilePath, below top: FilePath) throws(SidecarError) {
        do {
            self.init(try Self.make(path, below: top))
        } catch {
            throw SidecarError(error, "the folder apart cannot be used")
        }
    }

    private static func make(
        _ path: FilePath, below top: FilePath
    ) throws(Errno) -> OpenDirectory {
        var current = try OpenDirectory(at: top)
        var pictures = FilePath("/")
        for name in path.components {
            pictures.append(name)
            let next: OpenDirectory
            do {
                next = try OpenDirectory(name, in: current.descriptor)
            } catch  where error == .noSuchFileOrDirectory {
                try make(name, in: current.descriptor.rawValue, like: pictures)
                next = try OpenDirectory(name, in: current.descriptor)
            }
            current = next
        }
        return current
    }

    private static func make(
        _ name: FilePath.Component, in folder: Int32, like pictures: FilePath
    ) throws(Errno) {
        guard name.withPlatformString({ mkdirat(folder, $0, 0o700) }) == 0 || errno == EEXIST else {
            throw Errno(rawValue: errno)
        }
        var status = stat()
        if pictures.withPlatformString({ stat($0, &status) }) == 0 {
            // Where the group cannot be the pictures', nobody else's may read it instead.
            let hasGroup =
                name.withPlatformString { fchownat(folder, $0, uid_t.max, status.st_gid, 0) } == 0
            // Nor is it for everybody to write in, as the place of a folder like /tmp would be.
            let mode = status.st_mode & (hasGroup ? 0o775 : 0o705) | 0o700
            _ = name.withPlatformString { fchmodat(folder, $0, mode, 0) }
        }
        try sync(folder)
    }

    /// Whether a folder is there, no link on the way.
    static func isThere(_ path: FilePath, below top: FilePath) -> Bool {
        (try? SidecarFolder(path, below: top)) != nil
    }

    private static func walk(
        _ start: consuming OpenDirectory, _ way: [FilePath.Component]
    ) throws(Errno) -> OpenDirectory {
        var current = start
        for name in way {
            let next = try OpenDirectory(name, in: current.descriptor)
            current = next
        }
        return current
    }

    var descriptor: Int32 { directory.descriptor.rawValue }

    /// What stands at a name; `nil` for nothing.
    func status(of name: FilePath.Component) throws(SidecarError) -> stat? {
        var status = stat()
        let result = name.withPlatformString {
            fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW)
        }
        if result == 0 { return status }
        guard errno == ENOENT else {
            throw SidecarError(Errno(rawValue: errno), "cannot be looked at")
        }
        return nil
    }

    /// Whether nothing stands at a name.
    func isFree(_ name: FilePath.Component) throws(SidecarError) -> Bool {
        try status(of: name) == nil
    }

    /// The bytes of a sidecar; `nil` where there is none.
    func contents(of name: FilePath.Component, limit: Int) throws(SidecarError) -> [UInt8]? {
        guard let status = try status(of: name) else { return nil }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SidecarError("\(name) is a link or no regular file, and is not followed")
        }
        do {
            return try BoundedFile.contents(of: name, in: directory.descriptor, limit: limit)
        } catch let code as Errno {
            if code == .noSuchFileOrDirectory { return nil }
            throw SidecarError(code, "\(name) cannot be read")
        } catch {
            throw SidecarError("\(name) cannot be read: \(error)")
        }
    }

    /// Puts new bytes in place of a sidecar's, whole or not at all.
    ///
    /// They are written to a file beside it, with the mode, owner and extended attributes of the old one, brought to the disk and
    /// renamed. A process that is killed before leaves that file, which the next try takes up again.
    ///
    /// - Parameters:
    ///   - name: The sidecar.
    ///   - new: What it is to hold.
    ///   - old: What it must hold until now; `nil` where it must not be there.
    ///   - picture: The picture, as it stands there.
    ///   - check: Looks at the file beside it before it gets its name; its errors end everything.
    /// - Returns: `false` where the sidecar has changed meanwhile; nothing was written then.
    /// - Throws: `SidecarError`.
    func replace(
        _ name: FilePath.Component, with new: [UInt8], insteadOf old: [UInt8]?,
        for picture: stat,
        check: (FilePath.Component) throws(SidecarError) -> Void
    ) throws(SidecarError) -> Bool {
        let part = try PartFile(beside: name, in: descriptor)
        do throws(SidecarError) {
            let status = try status(of: name)
            guard (status == nil) == (old == nil) else { return part.remove(false) }
            try part.write(
                new, like: status, with: ExtendedAttributes(of: name, in: descriptor),
                beside: picture)
            try part.sync()
            try check(part.name)
            let isSame = try contents(of: name, limit: SidecarEdit.maximumSidecar) == old
            guard isSame else { return part.remove(false) }
            guard try part.rename(to: name, replacing: old != nil) else {
                return part.remove(false)
            }
        } catch {
            _ = part.remove(false)
            throw error
        }
        try sync()
        return true
    }

    /// Prepares a sidecar that is not there yet, beside where it is to stand.
    ///
    /// - Parameters:
    ///   - name: The sidecar.
    ///   - new: What it is to hold.
    ///   - picture: The picture, as it stands there.
    /// - Returns: What is to be brought to the disk and named.
    /// - Throws: `SidecarError`.
    func prepare(
        _ name: FilePath.Component, with new: [UInt8], for picture: stat
    ) throws(SidecarError) -> PartFile {
        let part = try PartFile(beside: name, in: descriptor)
        do throws(SidecarError) {
            try part.write(new, like: nil, with: ExtendedAttributes(), beside: picture)
        } catch {
            _ = part.remove(false)
            throw error
        }
        return part
    }

    /// Gives a sidecar another name in another folder, where nothing stands yet.
    ///
    /// - Throws: `SidecarError`.
    func move(
        _ name: FilePath.Component, to other: FilePath.Component,
        in folder: borrowing SidecarFolder
    ) throws(SidecarError) {
        let target = folder.descriptor
        let result = name.withPlatformString { from in
            other.withPlatformString { vignette_move(descriptor, from, target, $0) }
        }
        guard result == 0 else {
            throw SidecarError(Errno(rawValue: errno), "\(name) cannot be moved")
        }
        try folder.sync()
        try sync()
    }

    /// Brings the folder's names to the disk.
    func sync() throws(SidecarError) {
        do {
            try Self.sync(descriptor)
        } catch {
            throw SidecarError(error, "the folder cannot be brought to the disk")
        }
    }

    private static func sync(_ descriptor: Int32) throws(Errno) {
        let file = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A folder that may not be listed cannot be synced either; the file itself is on the disk.
        guard file >= 0 else { return }
        defer { close(file) }
        // Some file systems have no such call for folders.
        if fsync(file) != 0, errno != EINVAL, errno != ENOTSUP { throw Errno(rawValue: errno) }
    }
}
