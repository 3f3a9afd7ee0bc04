public import FileSystem
public import SystemPackage

/// Something that was found to be true of a part of a root.
///
/// Paths are relative to the root. Everything concerns only what is known on the same volume.
public enum FileObservation: Equatable, Sendable {
    /// A media file stands there, and has stood still long enough to be read.
    case settled(FilePath, FileStatus, Volume)
    /// Nothing stands there any more, neither a file nor a directory with anything below: the directory
    /// that lacks the name is on the volume.
    case absent(FilePath, Volume)
    /// A file that had changed is gone from a name; others that it may have are to be looked at. The
    /// status is the last that was seen of it.
    case lostName(FileStatus)
    /// The whole truth about one directory on its volume.
    case listing(DirectoryListing)
}

/// What a batch of observations came to.
public struct ObservationOutcome: Equatable, Sendable {
    /// Files that are new or have changed, and are queued.
    public var queued = 0
    /// Files that are as they were.
    public var unchanged = 0
    /// Files that were missing and are back as they were.
    public var returned = 0
    /// Files that are missing as of now.
    public var missing = 0

    /// Builds an outcome of nothing.
    public init() {}
}
