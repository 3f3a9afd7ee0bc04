public import SystemPackage

/// The mounts of `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
public struct MountTable: Equatable, Sendable {
    /// One mount.
    public struct Mount: Equatable, Sendable {
        /// The mount's number: a new one each time something is mounted, and free again afterwards.
        public var id: Int
        /// The number of the mount that it stands in.
        public var parent: Int
        /// `major:minor` of what is mounted.
        public var device: [UInt8]
        /// Which directory of its file system is mounted.
        public var root: FilePath
        /// Where it is mounted.
        public var point: FilePath
        /// The type of the file system (`ext4`, `fuse.sshfs`).
        public var type: [UInt8]
        /// What is mounted, in the words of the file system (`/dev/sdb1`, `host:/export`).
        public var source: [UInt8]
    }

    /// All mounts by their numbers.
    private(set) var byID: [Int: Mount] = [:]
    /// The topmost mount at each mount point, those left out whose coming and going changes nothing.
    private(set) var topmost: [FilePath: Int] = [:]

    /// Nothing is mounted.
    public init() {}

    /// Whether anything is mounted at `/`.
    var hasRoot: Bool {
        byID.values.contains { $0.point.isFileSystemRoot }
    }

    /// Adds a mount that the kernel's text leaves out.
    mutating func add(_ mount: Mount) {
        byID[mount.id] = mount
    }

    /// Reads the kernel's text; lines that make no sense are left out.
    public init(parsing text: [UInt8]) {
        let all = text.split(separator: UInt8(ascii: "\n")).compactMap { Self.mount(line: $0) }
        byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        for mount in all where coveredTwin(of: mount) == nil {
            topmost[mount.point] = mount.id
        }
    }

    /// The mount of a number.
    public subscript(id: Int) -> Mount? {
        byID[id]
    }

    /// Whether something is mounted at a path that shows what was not there before.
    public func contains(_ point: FilePath) -> Bool {
        topmost[point] != nil
    }

    /// The mounts that decide what is found at and below a folder: those it stands in and those inside
    /// it, by mount point, with their numbers.
    public func relevant(to folder: FilePath) -> [FilePath: Int] {
        topmost.filter { point, _ in point.starts(with: folder) || folder.starts(with: point) }
    }

    /// The mount below this one, if this one shows just what that one shows at the same place, as the
    /// bind mounts do that systemd protects directories with.
    func coveredTwin(of mount: Mount) -> Mount? {
        guard let parent = byID[mount.parent], mount.device == parent.device,
            mount.id != parent.id, let path = mount.point.relative(to: parent.point),
            parent.root.appending(path.components) == mount.root
        else { return nil }
        return parent
    }
}

extension MountTable {
    /// `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw`.
    private static func mount(line: ArraySlice<UInt8>) -> Mount? {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count >= 5, let id = number(fields[0]), let parent = number(fields[1]) else {
            return nil
        }
        let point = FilePath(bytes: unescaped(fields[4]))
        guard point.isAbsolute else { return nil }
        // An unknown number of optional fields stands before the separator.
        let tail = fields.dropFirst(5).drop { $0 != [UInt8(ascii: "-")] }.dropFirst()
        return Mount(
            id: id, parent: parent, device: Array(fields[2]),
            root: FilePath(bytes: unescaped(fields[3])), point: point,
            type: tail.first.map { unescaped($0) } ?? [],
            source: tail.dropFirst().first.map { unescaped($0) } ?? [])
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
