public import Captioning
public import MediaDecoding
public import Sidecars
public import SystemPackage

/// Everything that can be set, with the values in force.
public struct Settings: Sendable {
    /// Folders to watch, absolute.
    public var folders: [FilePath]
    /// The catalogue's file.
    public var catalogue: FilePath
    /// The chosen model: a folder or a name; `nil` to look for one.
    public var model: String?
    /// The folder that holds one folder a model.
    public var models: FilePath
    /// The least severe message that is logged.
    public var logLevel: String
    /// How messages are written.
    public var logFormat: LogFormat
    /// How long a file must stand still before it is read.
    public var settle: Duration
    /// How long a deleted file is remembered.
    public var grace: Duration
    /// Time between looks at folders without events.
    public var poll: Duration
    /// Whether symbolic links that lead out of all watched folders are followed.
    public var followsLinks: Bool
    /// Bounds on the decoding child.
    public var decoderLimits: DecoderLimits
    /// What is asked of the model.
    public var captioning: CaptioningSettings
    /// When XMP sidecars are written.
    public var sidecarWriting: SidecarWriting
    /// What new sidecars are called.
    public var sidecarNaming: SidecarNaming
    /// The folder in which sidecars are kept apart from the pictures; `nil` where they lie beside them.
    public var sidecarFolder: FilePath?
    /// The queue by which other machines help, as a connection string; `nil` where none do.
    public var workersQueue: String?
    /// Most bytes of pixels that lie in it.
    public var workersWindow: Int
    /// Whether small pictures for the page are made when a picture is described.
    public var makesThumbnailsAhead: Bool
    /// Bytes that small pictures may take.
    public var thumbnailBytes: Int64
    /// The folder of small pictures.
    public var thumbnails: FilePath
    /// Threads that the model computes on; 0 for one a core.
    public var threads: Int
    /// Decoding children.
    public var decoders: Int
    /// Time without work after which the model's memory is given back.
    public var idle: Duration
    /// The configuration file that was read, if there was one.
    public var configurationFile: FilePath?
}

/// How messages are written.
public enum LogFormat: String, CaseIterable, Sendable {
    /// A line for people; where the system's journal reads it, the journal's own fields.
    case text
    /// One JSON object a line.
    case json
}

/// When XMP sidecars are written.
public enum SidecarWriting: String, CaseIterable, Sendable {
    /// Not at all.
    case never
    /// By `vignette sidecars write` alone.
    case ask
    /// Also by the daemon, after a description or an edit.
    case always
}
