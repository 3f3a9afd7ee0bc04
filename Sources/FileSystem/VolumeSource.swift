public import SystemPackage

/// Where a part of what a root shows begins: a folder and the place that it has below the root.
///
/// A root has one; a symbolic link that is followed to a folder begins another.
public struct Anchor: Hashable, Sendable {
    /// The folder's path below the root; empty for the root.
    public var path: FilePath
    /// The folder's absolute path without any symbolic link.
    public var location: FilePath

    /// Names a folder and its place below the root.
    public init(path: FilePath, location: FilePath) {
        self.path = path
        self.location = location
    }
}

/// The volume that a directory is on, and what may be expected of it.
public struct MountedVolume: Hashable, Sendable {
    /// The volume.
    public var volume: Volume
    /// What its file system can do.
    public var kind: FileSystemKind

    /// Builds one from its parts.
    public init(volume: Volume, kind: FileSystemKind) {
        self.volume = volume
        self.kind = kind
    }
}

/// Tells what is mounted, and on which volume an open directory is.
///
/// Everything may be called from any thread.
public protocol VolumeSource: AnyObject, Sendable {
    /// Wakes one event loop up when something is mounted or unmounted; nil when it cannot.
    var descriptor: FileDescriptor? { get }
    /// What of `descriptor` signals a change, in epoll's flags (`EPOLLPRI` …).
    var interest: UInt32 { get }
    /// What is mounted now, with a number that is another one after each change.
    func mounts() -> (table: MountTable, generation: Int)
    /// The volume that a directory is on.
    ///
    /// - Parameters:
    ///   - directory: An open directory, or one that is open only for looking things up in it.
    ///   - anchor: What its place below the root is counted from; the directory lies at or below it.
    /// - Returns: The volume and what its file system can do.
    /// - Throws: `Errno`, whenever the answer is not certain.
    func volume(of directory: FileDescriptor, from anchor: Anchor) throws(Errno) -> MountedVolume
}
