import Glibc
public import SystemPackage

/// Looks files up below watched folders and says on which volume they are, or are not.
///
/// Directory and answer belong together: a name is looked up in a directory that is open, and the
/// volume is that directory's, whatever is renamed, mounted or unmounted meanwhile. May be used from
/// any thread.
public final class FileLookup: Sendable {
    private let volumes: any VolumeSource
    private let links: LinkResolver

    /// Prepares to look.
    ///
    /// - Parameters:
    ///   - roots: All folders that are watched: a symbolic link to a file in one of them counts as that
    ///     file.
    ///   - followsLinks: Whether symbolic links that lead out of all of them are followed.
    ///   - volumes: What is mounted.
    public init(
        roots: [FilePath], followsLinks: Bool = false, volumes: any VolumeSource = ProcessMounts()
    ) {
        self.volumes = volumes
        links = LinkResolver(roots: roots, followsLinks: followsLinks, volumes: volumes)
    }

    /// What stands at a path below a root.
    ///
    /// Symbolic links are followed as far as the rule for links goes; `present` with the kind
    /// `symbolicLink` is one that is not followed or leads nowhere.
    ///
    /// - Parameters:
    ///   - path: The path below the root; empty for the root.
    ///   - root: The root's absolute path. If it cannot be opened, nothing is known.
    /// - Returns: The answer and the volume that it is about.
    public func look(at path: FilePath, below root: FilePath) -> Look {
        do {
            let top = try OpenDirectory(at: root)
            let anchor = Anchor(path: FilePath(), location: try top.location())
            return try look(at: path, from: top, anchor)
        } catch {
            return .unknown(error)
        }
    }

    /// Where to open a file below a root, by the same rule for links.
    ///
    /// - Parameters:
    ///   - path: The path below the root.
    ///   - root: The root's absolute path.
    /// - Returns: The file's path, and the folder that it must lie in without a link in between; `nil`
    ///   where links out of all watched folders are followed.
    public func opening(
        of path: FilePath, below root: FilePath
    ) -> (path: FilePath, folder: FilePath?) {
        let whole = root.pushing(path)
        guard !links.followsLinks else { return (whole, nil) }
        return links.targetInsideRoots(of: whole) ?? (whole, root)
    }

    private func look(
        at path: FilePath, from top: borrowing OpenDirectory, _ anchor: Anchor
    ) throws(Errno) -> Look {
        guard let name = path.lastComponent else {
            let mounted = try volumes.volume(of: top.descriptor, from: anchor)
            let status = try FileStatus(of: top.descriptor)
            return .present(status.trusted(on: mounted.kind), mounted.volume)
        }
        guard path.isRelative, path.components.allSatisfy({ $0.kind == .regular }) else {
            throw .invalidArgument
        }
        let above = path.removingLastComponent()
        if above.isEmpty {
            return try look(for: name, in: top.descriptor, anchor, path: path)
        }
        // Nearly always all of the way is there, and no link on it.
        if let directory = try? OpenDirectory(below: top.descriptor, path: above) {
            return try look(for: name, in: directory.descriptor, anchor, path: path)
        }
        return try walk(
            to: path, from: top.descriptor, anchor, walked: FilePath(),
            way: Array(above.components))
    }

    /// Goes on one directory at a time, to find the deepest one that exists.
    private func walk(
        to path: FilePath, from directory: FileDescriptor, _ anchor: Anchor, walked: FilePath,
        way: [FilePath.Component]
    ) throws(Errno) -> Look {
        guard let name = way.first else {
            guard let last = path.lastComponent else { throw .invalidArgument }
            return try look(for: last, in: directory, anchor, path: path)
        }
        let place = walked.appending(name)
        let rest = Array(way.dropFirst())
        do {
            let next = try OpenDirectory(name, in: directory)
            return try walk(to: path, from: next.descriptor, anchor, walked: place, way: rest)
        } catch {
            guard error.meansAbsence else { throw error }
        }
        guard links.followsLinks, try isLink(name, in: directory),
            case .folder(let location) = try links.target(
                of: name, in: directory, from: anchor, path: place)
        else { return .absent(try volumes.volume(of: directory, from: anchor).volume) }
        let next = try OpenDirectory(at: location)
        let inside = Anchor(path: place, location: location)
        return try walk(to: path, from: next.descriptor, inside, walked: place, way: rest)
    }

    private func isLink(
        _ name: FilePath.Component, in directory: FileDescriptor
    ) throws(Errno) -> Bool {
        do {
            return try FileStatus(of: name, in: directory).kind == .symbolicLink
        } catch {
            guard error.meansAbsence else { throw error }
            return false
        }
    }

    /// Looks a name up in an open directory.
    private func look(
        for name: FilePath.Component, in directory: FileDescriptor, _ anchor: Anchor, path: FilePath
    ) throws(Errno) -> Look {
        let mounted = try volumes.volume(of: directory, from: anchor)
        let status: FileStatus
        do {
            status = try FileStatus(of: name, in: directory)
        } catch {
            guard error.meansAbsence else { throw error }
            return .absent(mounted.volume)
        }
        let own = Look.present(status.trusted(on: mounted.kind), mounted.volume)
        guard status.kind == .symbolicLink else { return own }
        switch try links.target(of: name, in: directory, from: anchor, path: path) {
        case .file(let status, let volume): return .present(status, volume)
        case .folder(let location):
            let inside = Anchor(path: path, location: location)
            let folder = try OpenDirectory(at: location)
            let mounted = try volumes.volume(of: folder.descriptor, from: inside)
            let status = try FileStatus(of: folder.descriptor).trusted(on: mounted.kind)
            return .present(status, mounted.volume)
        case .unfollowed, .broken: return own
        }
    }
}
