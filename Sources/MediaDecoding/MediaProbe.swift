/// What is known of a picture or clip before any of its pixels are decoded.
public struct MediaProbe: Codable, Equatable, Sendable {
    /// A still picture, or something with time in it.
    public enum Kind: String, Codable, Sendable {
        /// One picture (an animated GIF or WebP counts as its first frame).
        case still
        /// A clip: several frames over time.
        case video
    }

    /// SHA-256 (32 bytes) of the image data with the metadata left out; see DESIGN, "asset".
    public var identity: [UInt8]
    /// A still or a video.
    public var kind: Kind
    /// The container or still format by its usual lower-case name, such as `jpeg` or `mp4`.
    public var format: String
    /// Width in pixels as a person sees it: orientation or rotation applied.
    public var width: Int
    /// Height in pixels as a person sees it: orientation or rotation applied.
    public var height: Int
    /// Length in seconds of a video; `nil` for stills and where the container does not say.
    public var duration: Double?
    /// What the camera wrote about the moment and place.
    public var metadata: MediaMetadata

    /// Builds a probe from its parts.
    public init(
        identity: [UInt8], kind: Kind, format: String, width: Int, height: Int,
        duration: Double? = nil, metadata: MediaMetadata = MediaMetadata()
    ) {
        self.identity = identity
        self.kind = kind
        self.format = format
        self.width = width
        self.height = height
        self.duration = duration
        self.metadata = metadata
    }
}
