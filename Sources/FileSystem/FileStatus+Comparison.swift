extension FileStatus {
    /// The same as far as the file system can be trusted: where inode numbers are made up, neither they
    /// nor the time of the last change of an inode say anything.
    public func trusted(on kind: FileSystemKind) -> FileStatus {
        guard !kind.hasStableInodes else { return self }
        var status = self
        status.inode = 0
        status.changed = modified
        return status
    }

    /// Whether a change of the name or the permissions alone would show.
    public var hasMeaningfulChangeTime: Bool { inode != 0 }

    /// Whether a file with this status, recorded earlier, is still the same one with the same content;
    /// its name or permissions may have changed.
    public func hasSameContent(as later: FileStatus) -> Bool {
        size == later.size && modified == later.modified
            && (inode == later.inode || inode == 0 || later.inode == 0)
    }

    /// Whether a file with this status, recorded earlier, is the same one unchanged.
    ///
    /// The device number is left out: network, removable and btrfs file systems get another one with
    /// each mount. A file that agrees in the rest, the kernel's own change time to the nanosecond
    /// included, is the same one. Where inode numbers mean nothing, size and time of the content decide.
    public func isUnchanged(in later: FileStatus) -> Bool {
        hasSameContent(as: later)
            && (changed == later.changed || inode == 0 || later.inode == 0)
    }
}
