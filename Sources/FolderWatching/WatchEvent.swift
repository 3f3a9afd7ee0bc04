public import FileSystem
public import SystemPackage

/// What a watcher has seen; paths are relative to the root that the event belongs to.
public enum WatchEvent: Equatable, Sendable {
    /// A media file has stood still for the settle time. It may be one that was reported before.
    case settled(FilePath, FileStatus, Volume)
    /// No media file and no directory stands at the path: what was known there and below on the volume
    /// is gone.
    case absent(FilePath, Volume)
    /// A file changed, and lost the name under which the kernel told of it before it stood still: other
    /// names that it may have, hard links, are to be looked at. The status is the last that was seen.
    case lostName(FileStatus)
    /// The whole truth about one directory, on its volume; its unsettled files are reported again once settled.
    case listing(DirectoryListing)
    /// A pass over the whole root begins.
    case scanStarted
    /// What the pass that ends now left out; sent before its `scanFinished`.
    case passedOver(PassedOver)
    /// Every directory on the volumes that are online, and that can be read, was listed since they came
    /// online. Sent at the end of each pass, and after what came or went with a mount was looked
    /// through. Left out when the root goes offline meanwhile.
    case scanFinished
    /// The root can be looked at, and these volumes are mounted at and below it now; all others that
    /// were known below it are not. Sent again when mounts come or go.
    case online(volumes: [Volume])
    /// The root cannot be looked at; what is known of it stays as it is.
    case offline(reason: String)
    /// Something that a person should know, in a sentence; said once.
    case notice(String)
}

/// Takes events, in order, on the watcher's thread.
public typealias WatchHandler = @Sendable (_ rootIndex: Int, _ events: [WatchEvent]) -> Void
