import SystemPackage

/// What `lstat` says of a path: enough to notice every change to a file.
///
/// On file systems that make their inode numbers up (`FileSystemKind.hasStableInodes`) a look says
/// `inode == 0` and `changed == modified`: all that is left to know a file by is its size and time.
public struct FileStatus: Hashable, Sendable {
    /// What stands at the path.
    public enum Kind: Hashable, Sendable {
        /// A regular file.
        case file
        /// A directory.
        case directory
        /// A symbolic link that was not followed.
        case symbolicLink
        /// A device, a socket, a pipe.
        case other
    }

    /// What stands at the path.
    public var kind: Kind
    /// The device that holds the file (`st_dev`).
    public var device: UInt64
    /// The file's number on its device (`st_ino`); 0 where the number means nothing.
    public var inode: UInt64
    /// Size in bytes.
    public var size: Int64
    /// Last change of the content, nanoseconds since 1970.
    public var modified: Int64
    /// Last change of content, name or metadata, nanoseconds since 1970.
    public var changed: Int64

    /// Builds a status from its parts; times are nanoseconds since 1970.
    public init(
        kind: Kind, device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64
    ) {
        self.kind = kind
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }
}
