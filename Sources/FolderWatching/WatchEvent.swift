public import FileSystem
public import SystemPackage

/// What a watcher has seen. Paths are relative to the root that the event belongs to.
public enum WatchEvent: Equatable, Sendable {
    /// A media file has stood still for the settle time. It may be one that was reported before.
    case settled(FilePath, FileStatus)
    /// No media file and no directory stands at the path: what was known there and below is gone.
    case absent(FilePath)
    /// The whole truth about one directory; its unsettled files are reported again once settled.
    case listing(DirectoryListing)
    /// A pass over the whole root begins.
    case scanStarted
    /// The pass is over: every directory that can be read was listed. Left out when the root goes
    /// offline meanwhile.
    case scanFinished
    /// The root can be looked at. Sent again when mounts come or go.
    ///
    /// `mounts` are to be kept and given back as `WatchedRoot.expectedMounts` at the next start.
    case online(mounts: [FilePath])
    /// The root cannot be looked at; what is known of it stays as it is.
    case offline(reason: String)
    /// Something that a person should know, in a sentence; said once.
    case notice(String)
}

/// Takes events, in order, on the watcher's thread.
public typealias WatchHandler = @Sendable (_ rootIndex: Int, _ events: [WatchEvent]) -> Void
