/// Which file it is, whatever it is called: the same for every name of one inode.
public struct FileIdentity: Hashable, Sendable {
    /// The device that holds the file (`st_dev`).
    public var device: UInt64
    /// The file's number on its device (`st_ino`).
    public var inode: UInt64

    /// Builds an identity from its parts.
    public init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}

extension FileStatus {
    /// Which file the status belongs to.
    public var identity: FileIdentity {
        FileIdentity(device: device, inode: inode)
    }
}
