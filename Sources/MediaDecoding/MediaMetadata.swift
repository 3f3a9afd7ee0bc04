/// When, where and with what a picture was taken, and what people wrote into it, as far as it says.
public struct MediaMetadata: Codable, Equatable, Sendable {
    /// When, where and with what it was taken.
    public var capture: CaptureFacts
    /// Title, caption, keywords and rating that the file holds.
    public var texts = EmbeddedTexts()
    /// What joins the still and the clip of an Apple Live Photo: the same text in both.
    public var contentIdentifier: String?
    /// The clip that is appended to a motion photo.
    public var motionPhoto: MotionPhoto?

    /// Builds metadata from its parts.
    public init(
        capture: CaptureFacts = CaptureFacts(), texts: EmbeddedTexts = EmbeddedTexts(),
        contentIdentifier: String? = nil, motionPhoto: MotionPhoto? = nil
    ) {
        self.capture = capture
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
        capture.isPlausible
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
