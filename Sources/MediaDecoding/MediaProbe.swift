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
    /// Whether a crash, a full card or a broken transfer cut the file short.
    ///
    /// What there is of the picture or clip is decoded and described; `width`, `height` and, where the
    /// container says no better, `duration` are those of the whole.
    public var isIncomplete: Bool

    /// Builds a probe from its parts.
    public init(
        identity: [UInt8], kind: Kind, format: String, width: Int, height: Int,
        duration: Double? = nil, metadata: MediaMetadata = MediaMetadata(),
        isIncomplete: Bool = false
    ) {
        self.identity = identity
        self.kind = kind
        self.format = format
        self.width = width
        self.height = height
        self.duration = duration
        self.metadata = metadata
        self.isIncomplete = isIncomplete
    }

    /// Reads a probe; one that says nothing about its end is complete.
    public init(from decoder: any Swift.Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        identity = try values.decode([UInt8].self, forKey: .identity)
        kind = try values.decode(Kind.self, forKey: .kind)
        format = try values.decode(String.self, forKey: .format)
        width = try values.decode(Int.self, forKey: .width)
        height = try values.decode(Int.self, forKey: .height)
        duration = try values.decodeIfPresent(Double.self, forKey: .duration)
        metadata = try values.decode(MediaMetadata.self, forKey: .metadata)
        isIncomplete = try values.decodeIfPresent(Bool.self, forKey: .isIncomplete) ?? false
    }
}
