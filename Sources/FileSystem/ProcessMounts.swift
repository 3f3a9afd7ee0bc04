import CLinux
import Glibc
import Synchronization
public import SystemPackage

/// The mounts of this process.
///
/// Nothing that is open keeps a file system from being unmounted, apart from the moment of a look.
public final class ProcessMounts: VolumeSource {
    /// What is known until the next change.
    private struct Known {
        var table = MountTable()
        var generation = 0
        var volumes: [VolumePlace: MountedVolume] = [:]
        var problem: Errno?
    }

    private struct VolumePlace: Hashable {
        var mount: Int
        var anchor: Anchor
    }

    /// So many answers are kept; more belong to links that lead to folders all over the place.
    private static let maximumAnswers = 4096

    /// An open table for the event loop alone; nil where there is none.
    public let descriptor: FileDescriptor?
    /// The kernel signals a change as urgent data.
    public let interest = EPOLLPRI.rawValue
    /// A second open table.
    ///
    /// The kernel tells each open file of a change once. One serves the event loop; this one is for
    /// asking, so that no answer depends on who was told first.
    private let inquiry: FileDescriptor?
    private let known: Mutex<Known>

    /// Opens the kernel's table; where that is impossible every look is uncertain.
    ///
    /// - Parameter path: The table; another one than the process's for a thread with mounts of its own.
    public init(table path: FilePath = "/proc/self/mountinfo") {
        descriptor = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        do {
            inquiry = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            known = Mutex(Known())
            known.withLock { readTable(into: &$0) }
        } catch {
            inquiry = nil
            known = Mutex(Known(problem: error as? Errno ?? .ioError))
        }
    }

    deinit {
        try? descriptor?.close()
        try? inquiry?.close()
    }

    /// What is mounted now; one short system call unless something has changed.
    public func mounts() -> (table: MountTable, generation: Int) {
        known.withLock { known in
            refresh(&known)
            return (known.table, known.generation)
        }
    }

    /// The volume that a directory is on.
    ///
    /// - Parameters:
    ///   - directory: An open directory.
    ///   - anchor: What its place below the root is counted from.
    /// - Returns: The volume and what its file system can do; remembered until something is mounted.
    /// - Throws: `Errno`, whenever the answer is not certain.
    public func volume(
        of directory: FileDescriptor, from anchor: Anchor
    ) throws(Errno) -> MountedVolume {
        let place = VolumePlace(mount: try Self.mountNumber(of: directory), anchor: anchor)
        // Asked after the directory was opened: as long as it is open its mount keeps its number.
        let (answer, table, generation) = try known.withLock { known throws(Errno) in
            refresh(&known)
            if let problem = known.problem { throw problem }
            return (known.volumes[place], known.table, known.generation)
        }
        if let answer { return answer }
        // It has been unmounted since, though it is still open.
        guard let mount = table[place.mount] else { throw .noSuchFileOrDirectory }
        var status = statfs()
        guard fstatfs(directory.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        let identity = try FileSystemIdentity.read(of: directory, status: status, mount: mount)
        let found = MountedVolume(
            volume: try table.volume(of: mount, identity: identity, from: anchor),
            kind: FileSystemKind(magic: UInt32(truncatingIfNeeded: status.f_type)))
        known.withLock { known in
            guard known.generation == generation else { return }
            if known.volumes.count >= Self.maximumAnswers { known.volumes = [:] }
            known.volumes[place] = found
        }
        return found
    }

    private func refresh(_ known: inout Known) {
        guard let inquiry else { return }
        var request = pollfd(fd: inquiry.rawValue, events: Int16(POLLPRI), revents: 0)
        let hasNews = poll(&request, 1, 0) == 1 && request.revents & Int16(POLLPRI | POLLERR) != 0
        if hasNews || known.problem != nil { readTable(into: &known) }
    }

    private func readTable(into known: inout Known) {
        guard let inquiry else { return }
        do {
            try inquiry.seek(offset: 0, from: .start)
            let text = try BoundedFile.remainder(of: inquiry, limit: 64 * 1024 * 1024)
            known.problem = nil
            known.table = MountTable(parsing: text)
            if let root = Self.unlistedRoot(in: known.table) { known.table.add(root) }
            // Also where the text is the same: numbers are given again, to another disk as well.
            known.generation += 1
            known.volumes = [:]
        } catch {
            known.problem = error as? Errno ?? .ioError
        }
    }

    /// The mount that `/` stands in, where the table does not list it.
    ///
    /// In a changed root (chroot) whose folder is no mount point of its own, the kernel lists only what is
    /// mounted below that folder.
    private static func unlistedRoot(in table: MountTable) -> MountTable.Mount? {
        guard !table.hasRoot, let directory = try? OpenDirectory(at: "/"),
            let number = try? mountNumber(of: directory.descriptor),
            let status = try? FileStatus(of: directory.descriptor)
        else { return nil }
        // As gnu_dev_major and gnu_dev_minor of sys/sysmacros.h take the number apart.
        let major = (status.device >> 8) & 0xFFF | (status.device >> 32) & ~0xFFF
        let minor = status.device & 0xFF | (status.device >> 12) & ~0xFF
        let device = "\(major):\(minor & 0xFFFF_FFFF)"
        return MountTable.Mount(
            id: number, parent: 0, device: Array(device.utf8), root: "/", point: "/",
            type: Array("unlisted".utf8), source: Array("none".utf8))
    }

    /// The number of the mount that a directory was opened through.
    private static func mountNumber(of directory: FileDescriptor) throws(Errno) -> Int {
        var number: UInt64 = 0
        if vignette_mount_id(directory.rawValue, &number) == 0 { return Int(number) }
        guard errno == ENOTSUP || errno == ENOSYS || errno == EPERM else {
            throw Errno(rawValue: errno)
        }
        let path = FilePath("/proc/self/fdinfo/\(directory.rawValue)")
        let text: [UInt8]
        do {
            text = try BoundedFile.contents(at: path, limit: 64 * 1024)
        } catch {
            throw error as? Errno ?? .ioError
        }
        let label = Array("mnt_id:".utf8)
        let line = text.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: label) }
        let digits = line.map { $0.dropFirst(label.count).drop { $0 == 0x09 || $0 == 0x20 } }
        guard let digits, let number = Int(String(decoding: digits, as: UTF8.self)) else {
            throw .noFunction
        }
        return number
    }
}

extension MountTable {
    /// The volume that a mount shows below an anchor.
    ///
    /// - Throws: `Errno` when the mount and the anchor have nothing to do with each other.
    func volume(
        of mount: Mount, identity: String, from anchor: Anchor
    ) throws(Errno) -> Volume {
        var base = mount
        // What shows the same as what it covers belongs to that.
        for _ in 0..<byID.count {
            guard let twin = coveredTwin(of: base) else { break }
            base = twin
        }
        if let inside = base.point.relative(to: anchor.location), !inside.isEmpty {
            let place = anchor.path.appending(inside.components)
            let key = VolumeKey.text(identity: identity, directory: base.root, place: place)
            return Volume(key: key, point: place)
        }
        guard let way = anchor.location.relative(to: base.point) else { throw .staleNFSFileHandle }
        let directory = base.root.appending(way.components)
        let key = VolumeKey.text(identity: identity, directory: directory, place: anchor.path)
        return Volume(key: key, point: anchor.path)
    }
}
