/// When, where and with what a picture was taken, and what people wrote into it, as far as it says.
public struct MediaMetadata: Codable, Equatable, Sendable {
    /// Local time as ISO 8601 without zone (`2024-07-26T18:03:11`), with `Z` or `+hh:mm` if known.
    ///
    /// As exact as the file is: without seconds (`2024-07-26T18:03`) or a day alone (`2024-07-26`).
    public var takenAt: String?
    /// Maker and model in one line, control characters removed, at most 200 characters.
    public var camera: String?
    /// Degrees north, −90 … 90.
    public var latitude: Double?
    /// Degrees east, −180 … 180.
    public var longitude: Double?
    /// Title, caption, keywords and rating that the file holds.
    public var texts = EmbeddedTexts()
    /// What joins the still and the clip of an Apple Live Photo: the same text in both.
    public var contentIdentifier: String?
    /// The clip that is appended to a motion photo.
    public var motionPhoto: MotionPhoto?

    /// Builds metadata from its parts.
    public init(
        takenAt: String? = nil, camera: String? = nil, latitude: Double? = nil,
        longitude: Double? = nil, texts: EmbeddedTexts = EmbeddedTexts(),
        contentIdentifier: String? = nil, motionPhoto: MotionPhoto? = nil
    ) {
        self.takenAt = takenAt
        self.camera = camera
        self.latitude = latitude
        self.longitude = longitude
        self.texts = texts
        self.contentIdentifier = contentIdentifier
        self.motionPhoto = motionPhoto
    }
}

extension MediaMetadata {
    /// Characters that a content identifier may have; Apple's have 36.
    package static let maximumIdentifier = 100

    /// Whether every part is within what it is documented to be; the parent asks it of its child.
    var isPlausible: Bool {
        (takenAt?.utf8.count ?? 0) <= 40 && (camera?.count ?? 0) <= 200
            && latitude.map { abs($0) <= 90 } ?? true && longitude.map { abs($0) <= 180 } ?? true
            && (contentIdentifier?.count ?? 0) <= Self.maximumIdentifier
            && motionPhoto?.isPlausible ?? true && texts.isWithinBounds
    }
}

/// A still with a clip appended to the file, as Android telephones write it.
///
/// Source: Android's Motion Photo format 1.0 (`Container`, `Item`) and the `MicroVideo` before it.
public struct MotionPhoto: Codable, Equatable, Sendable {
    /// Bytes from the beginning of the clip to the end of the file; `nil` if the file only says that
    /// there is a clip.
    public var bytesFromEnd: Int?
    /// The moment of the still within the clip, in microseconds.
    public var stillMicroseconds: Int?

    /// Builds it from its parts.
    public init(bytesFromEnd: Int? = nil, stillMicroseconds: Int? = nil) {
        self.bytesFromEnd = bytesFromEnd
        self.stillMicroseconds = stillMicroseconds
    }

    var isPlausible: Bool {
        bytesFromEnd.map { $0 > 0 } ?? true && stillMicroseconds.map { $0 >= 0 } ?? true
    }
}
