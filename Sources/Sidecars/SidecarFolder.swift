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
        let above = path.removingLastComponent()
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

    private var descriptor: Int32 { directory.descriptor.rawValue }

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
    ///   - picture: The picture's name.
    ///   - check: Looks at the file beside it before it gets its name; its errors end everything.
    /// - Returns: `false` where the sidecar has changed meanwhile; nothing was written then.
    /// - Throws: `SidecarError`.
    func replace(
        _ name: FilePath.Component, with new: [UInt8], insteadOf old: [UInt8]?,
        beside picture: FilePath.Component,
        check: (FilePath.Component) throws(SidecarError) -> Void
    ) throws(SidecarError) -> Bool {
        let part = try PartFile(beside: name, in: descriptor)
        do throws(SidecarError) {
            let status = try status(of: name)
            guard (status == nil) == (old == nil) else { return part.remove(false) }
            guard let picture = try self.status(of: picture) else {
                throw SidecarError("is not there")
            }
            try part.write(
                new, like: status, with: ExtendedAttributes(of: name, in: descriptor),
                beside: picture)
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

    /// Brings the folder's names to the disk.
    private func sync() throws(SidecarError) {
        let file = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A folder that may not be listed cannot be synced either; the file itself is on the disk.
        guard file >= 0 else { return }
        defer { close(file) }
        // Some file systems have no such call for folders.
        if fsync(file) != 0, errno != EINVAL, errno != ENOTSUP {
            throw SidecarError(Errno(rawValue: errno), "the folder cannot be brought to the disk")
        }
    }
}
