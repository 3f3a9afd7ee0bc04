import CLinux
import Glibc
public import SystemPackage

/// Finds out where symbolic links below watched folders lead, and which of them count.
///
/// A link to a file in any watched folder is that file under another name. Links that lead out of all
/// watched folders count only where that is wished.
public struct LinkResolver: Sendable {
    /// Where a link leads.
    public enum Target: Equatable, Sendable {
        /// To a file; on the volume of the link's directory, or else on one that begins at the link.
        case file(FileStatus, Volume)
        /// To a folder outside of all watched ones that is followed; its path without links.
        case folder(FilePath)
        /// Somewhere that does not count.
        case unfollowed
        /// Nowhere, or in a circle; what lacks the target is on the same file system as the link.
        case broken
    }

    /// As many links are followed one after the other as the kernel follows (path_resolution(7)).
    private static let maximumLinks = 40

    private let roots: [FilePath]
    /// Whether links that lead out of all watched folders are followed.
    public let followsLinks: Bool
    private let volumes: any VolumeSource

    /// Prepares to resolve links.
    ///
    /// - Parameters:
    ///   - roots: The watched folders.
    ///   - followsLinks: Whether links that lead out of all of them are followed.
    ///   - volumes: What is mounted.
    public init(roots: [FilePath], followsLinks: Bool, volumes: any VolumeSource) {
        self.roots = roots
        self.followsLinks = followsLinks
        self.volumes = volumes
    }

    /// Where a link leads.
    ///
    /// - Parameters:
    ///   - name: The link's name.
    ///   - directory: Its open directory.
    ///   - anchor: What the directory's place below the root is counted from.
    ///   - path: The link's path below the root.
    /// - Returns: What the link stands for.
    /// - Throws: `Errno`, whenever it could not be found out. A link whose target is missing on another
    ///   file system than its own is one of these: that one may be about to be mounted.
    public func target(
        of name: FilePath.Component, in directory: FileDescriptor, from anchor: Anchor,
        path: FilePath
    ) throws(Errno) -> Target {
        let result = name.withPlatformString {
            openat(directory.rawValue, $0, vignette_o_path | O_CLOEXEC)
        }
        guard result >= 0 else {
            let error = Errno(rawValue: errno)
            if error == .tooManySymbolicLinkLevels { return .broken }
            guard error.meansAbsence else { throw error }
            guard try isMissingNearby(name, in: directory) else { throw error }
            return .broken
        }
        let target = FileDescriptor(rawValue: result)
        defer { try? target.close() }
        let status = try FileStatus(of: target)
        let location = try target.location()
        switch status.kind {
        case .file:
            guard followsLinks || isInsideRoot(location) else { return .unfollowed }
            let kind = try FileSystemKind(of: target)
            let volume = try volume(ofTargetAt: location, in: directory, anchor, path)
            return .file(status.trusted(on: kind), volume)
        case .directory:
            let locations = rootLocations()
            let isApart = !locations.contains {
                location.starts(with: $0) || $0.starts(with: location)
            }
            return followsLinks && isApart ? .folder(location) : .unfollowed
        case .symbolicLink, .other: return .unfollowed
        }
    }

    /// The volume that a link's file is known on.
    private func volume(
        ofTargetAt location: FilePath, in directory: FileDescriptor, _ anchor: Anchor,
        _ path: FilePath
    ) throws(Errno) -> Volume {
        let own = try volumes.volume(of: directory, from: anchor).volume
        let parent = location.removingLastComponent()
        let folder = try OpenDirectory(at: parent)
        guard try !areTogether(folder.descriptor, directory) else { return own }
        // The link itself takes the place of a mount point.
        let inside = Anchor(path: path, location: parent)
        var volume = try volumes.volume(of: folder.descriptor, from: inside).volume
        volume.key += " \(VolumeKey.escaped(location.lastComponent?.bytes ?? []))"
        return volume
    }

    private func areTogether(_ one: FileDescriptor, _ other: FileDescriptor) throws(Errno) -> Bool {
        let everything = Anchor(path: FilePath(), location: "/")
        return try volumes.volume(of: one, from: everything).volume
            == volumes.volume(of: other, from: everything).volume
    }

    private func rootLocations() -> [FilePath] {
        roots.map { root in
            // One that cannot be opened has no files that a link could lead to now.
            (try? OpenDirectory(at: root).location()) ?? root.lexicallyNormalized()
        }
    }

    func isInsideRoot(_ location: FilePath) -> Bool {
        rootLocations().contains { location.starts(with: $0) }
    }

    /// Where a link to something in a watched folder leads, and that folder, both without links.
    func targetInsideRoots(of path: FilePath) -> (path: FilePath, folder: FilePath?)? {
        var status = stat()
        let isLink = path.withPlatformString {
            lstat($0, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
        }
        guard isLink else { return nil }
        let result = path.withPlatformString { open($0, vignette_o_path | O_CLOEXEC) }
        guard result >= 0 else { return nil }
        let target = FileDescriptor(rawValue: result)
        defer { try? target.close() }
        guard let location = try? target.location() else { return nil }
        return rootLocations().first { location.starts(with: $0) }.map { (location, $0) }
    }

    /// Whether the deepest directory on the way to a link's missing target is mounted together with the
    /// link's own.
    private func isMissingNearby(
        _ name: FilePath.Component, in directory: FileDescriptor
    ) throws(Errno) -> Bool {
        var name = name
        var place = try OpenDirectory(again: directory)
        for _ in 0..<Self.maximumLinks {
            let text = try Self.text(of: name, in: place.descriptor)
            let way = text.isAbsolute ? text : try place.location().appending(text.components)
            var next: FilePath.Component?
            place = try Self.deepestDirectory(on: way, next: &next)
            guard let next, try Self.isLink(next, in: place.descriptor) else {
                return try areTogether(place.descriptor, directory)
            }
            name = next
        }
        return false
    }

    /// The deepest directory on a way that exists; `next` becomes the name that comes after it.
    private static func deepestDirectory(
        on way: FilePath, next: inout FilePath.Component?
    ) throws(Errno) -> OpenDirectory {
        var path = way
        while true {
            do {
                return try OpenDirectory(at: path)
            } catch {
                guard error.meansAbsence || error == .tooManySymbolicLinkLevels,
                    let name = path.lastComponent
                else { throw error }
                next = name
                path.removeLastComponent()
            }
        }
    }

    private static func isLink(
        _ name: FilePath.Component, in directory: FileDescriptor
    ) throws(Errno) -> Bool {
        do {
            return try FileStatus(of: name, in: directory).kind == .symbolicLink
        } catch {
            guard error.meansAbsence else { throw error }
            return false
        }
    }

    private static func text(
        of name: FilePath.Component, in directory: FileDescriptor
    ) throws(Errno) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let size = buffer.count - 1
        let count = name.withPlatformString {
            readlinkat(directory.rawValue, $0, &buffer, size)
        }
        guard count > 0 else { throw count < 0 ? Errno(rawValue: errno) : .invalidArgument }
        return FilePath(bytes: buffer[..<count].map { UInt8(bitPattern: $0) })
    }
}
