import SystemPackage

/// What `lstat` says of a path: enough to notice every change to a file.
public struct FileStatus: Hashable, Sendable {
    /// What stands at the path.
    public enum Kind: Hashable, Sendable {
        /// A regular file.
        case file
        /// A directory.
        case directory
        /// A symbolic link; Vignette never follows one below a root.
        case symbolicLink
        /// A device, a socket, a pipe.
        case other
    }

    /// What stands at the path.
    public var kind: Kind
    /// The device that holds the file (`st_dev`).
    public var device: UInt64
    /// The file's number on its device (`st_ino`).
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
