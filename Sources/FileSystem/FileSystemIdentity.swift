import CLinux
import Glibc
import SystemPackage

/// Which file system it is, in words that are the same whenever it is mounted.
///
/// The kernel's own knowledge goes first: what others noted about a device (udev) may still be about
/// the disk that was there before.
enum FileSystemIdentity {
    /// Asks a file system who it is.
    ///
    /// - Parameters:
    ///   - directory: An open directory of it.
    ///   - status: What statfs(2) says of it.
    ///   - mount: Its mount.
    /// - Returns: One line without control characters.
    /// - Throws: `Errno`.
    static func read(
        of directory: FileDescriptor, status: statfs, mount: MountTable.Mount
    ) throws(Errno) -> String {
        if let identity = fromStatus(status) { return identity }
        if mount.isUserSpace { return words(mount.type, mount.source) }
        if let uuid = try uuid(of: directory, magic: UInt32(truncatingIfNeeded: status.f_type)) {
            return words(mount.type, Array(uuid.utf8))
        }
        if let uuid = DeviceDatabase.uuid(ofDevice: mount.device) {
            return words(mount.type, uuid)
        }
        // In memory: it is never the same one again.
        if ["tmpfs", "ramfs"].contains(String(decoding: mount.type, as: UTF8.self)) {
            return words(mount.type, mount.device + [UInt8(ascii: "@")] + DeviceDatabase.bootID())
        }
        return words(mount.type, mount.source)
    }

    /// ext2, ext3, ext4 and ZFS fold their UUID into `f_fsid`.
    private static func fromStatus(_ status: statfs) -> String? {
        let type: String
        switch status.f_type {
        case 0xEF53: type = "ext"
        case 0x2FC1_2FC1: type = "zfs"
        default: return nil
        }
        let halves = [status.f_fsid.__val.0, status.f_fsid.__val.1]
        guard halves != [0, 0] else { return nil }
        return "\(type) " + halves.map { hexadecimal(UInt32(bitPattern: $0)) }.joined()
    }

    private static func uuid(
        of directory: FileDescriptor, magic: UInt32
    ) throws(Errno) -> String? {
        // It may be open for looking things up only, which is not enough to ask.
        let file = openat(directory.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw Errno(rawValue: errno) }
        defer { close(file) }
        var uuid = vignette_uuid()
        let result =
            switch magic {
            case 0x9123_683E: vignette_btrfs_uuid(file, &uuid)
            case 0x5846_5342: vignette_xfs_uuid(file, &uuid)
            case 0x4D44, 0x2011_BAB0: vignette_fat_serial(file, &uuid)
            default: vignette_file_system_uuid(file, &uuid)
            }
        guard result == 0, uuid.length > 0, uuid.length <= 16 else { return nil }
        let bytes = withUnsafeBytes(of: uuid.bytes) { Array($0.prefix(Int(uuid.length))) }
        guard bytes.contains(where: { $0 != 0 }) else { return nil }
        return bytes.map { hexadecimal($0) }.joined()
    }

    private static func words(_ type: [UInt8], _ name: [UInt8]) -> String {
        "\(VolumeKey.escaped(type)) \(VolumeKey.escaped(name))"
    }

    private static func hexadecimal<Value: FixedWidthInteger>(_ value: Value) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: Value.bitWidth / 4 - digits.count) + digits
    }
}

extension MountTable.Mount {
    /// Whether a program serves it: asked for a UUID it has none, and may take its time to say so.
    fileprivate var isUserSpace: Bool {
        type.starts(with: "fuse".utf8) && !type.starts(with: "fuseblk".utf8)
    }
}

/// What the system's device manager and the kernel tell in files.
enum DeviceDatabase {
    /// The UUID that udev found on a block device.
    ///
    /// - Parameter device: `major:minor`.
    /// - Returns: The text; nil if udev knows none, or does not run.
    static func uuid(ofDevice device: [UInt8]) -> [UInt8]? {
        guard !device.starts(with: "0:".utf8) else { return nil }
        let path = FilePath(bytes: Array("/run/udev/data/b".utf8) + device)
        guard let text = try? BoundedFile.contents(at: path, limit: 64 * 1024) else { return nil }
        let label = Array("E:ID_FS_UUID=".utf8)
        return text.split(separator: UInt8(ascii: "\n"))
            .first { $0.starts(with: label) }
            .map { Array($0.dropFirst(label.count)) }
    }

    /// A number that is another one after each start of the machine; empty if there is none.
    static func bootID() -> [UInt8] {
        let text = try? BoundedFile.contents(at: "/proc/sys/kernel/random/boot_id", limit: 64)
        return text.map { Array($0.prefix { $0 != UInt8(ascii: "\n") }) } ?? []
    }
}
