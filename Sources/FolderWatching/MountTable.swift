import SystemPackage

/// The mount points of `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
struct MountTable: Equatable, Sendable {
    /// One mount.
    struct Mount: Equatable, Sendable {
        /// The mount's number; a new one each time something is mounted.
        var id: Int
        /// The number of the mount that it stands in.
        var parent: Int
        /// `major:minor`.
        var device: [UInt8]
        /// Which directory of its file system is mounted.
        var root: FilePath
        /// Where it is mounted.
        var point: FilePath
    }

    /// The topmost mount at each mount point, those left out whose coming and going changes nothing.
    private(set) var mounts: [FilePath: Mount] = [:]

    init() {}

    /// Reads the kernel's text; lines that make no sense are left out.
    init(parsing text: [UInt8]) {
        let all = text.split(separator: UInt8(ascii: "\n")).compactMap { Self.mount(line: $0) }
        let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        for mount in all {
            if let parent = byID[mount.parent], Self.isTransparent(mount, in: parent) { continue }
            mounts[mount.point] = mount
        }
    }

    /// Whether something is mounted at a path.
    func contains(_ point: FilePath) -> Bool {
        mounts[point] != nil
    }

    /// The mounts that decide what is found at and below a folder: those it stands in (but for the
    /// root of all, which never goes) and those inside it.
    func relevant(to folder: FilePath) -> [FilePath: Int] {
        mounts.filter { point, _ in
            point.starts(with: folder) || (folder.starts(with: point) && !point.isFileSystemRoot)
        }.mapValues(\.id)
    }

    /// Whether a mount shows just what its parent shows at the same place, as the bind mounts do
    /// that systemd protects directories with.
    private static func isTransparent(_ mount: Mount, in parent: Mount) -> Bool {
        guard mount.device == parent.device, mount.id != parent.id else { return false }
        var path = mount.point
        guard path.removePrefix(parent.point) else { return false }
        return parent.root.appending(path.components) == mount.root
    }

    /// `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw`.
    private static func mount(line: ArraySlice<UInt8>) -> Mount? {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
        guard fields.count >= 5, let id = number(fields[0]), let parent = number(fields[1]) else {
            return nil
        }
        let point = FilePath(bytes: unescaped(fields[4]))
        guard point.isAbsolute else { return nil }
        return Mount(
            id: id, parent: parent, device: Array(fields[2]),
            root: FilePath(bytes: unescaped(fields[3])), point: point)
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        Int(String(decoding: field, as: UTF8.self))
    }

    /// Resolves the octal escapes (`\040` for a space) that keep a path in one field.
    static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            let isEscape =
                byte == UInt8(ascii: "\\") && digits.count == 3
                && digits.allSatisfy { (0x30...0x37).contains($0) }
            guard isEscape else {
                bytes.append(byte)
                continue
            }
            bytes.append(digits.reduce(0) { $0 << 3 | ($1 & 7) })
            rest = rest.dropFirst(3)
        }
        return bytes
    }
}

extension FilePath {
    /// Whether this is `/`.
    var isFileSystemRoot: Bool {
        isAbsolute && components.isEmpty
    }
}
