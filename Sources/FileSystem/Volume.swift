public import SystemPackage

/// Which part of which file system a directory below a root belongs to.
///
/// What is known of a file is known on a volume. When another file system stands at the file's place
/// (a disk was unmounted, another one was mounted there, something was mounted over a folder), the
/// directories there are on another volume, and what they lack is no news about the file.
public struct Volume: Hashable, Sendable {
    /// Equal again when the same disk is mounted again at the same place below the root; different for
    /// another disk, for the empty folder that a disk is mounted on, and for another part of the disk.
    public var key: String
    /// Where it is mounted, relative to the root; empty for what the root itself stands in.
    public var point: FilePath

    /// Builds a volume from its parts.
    public init(key: String, point: FilePath) {
        self.key = key
        self.point = point
    }
}
