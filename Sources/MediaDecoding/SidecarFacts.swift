/// What an XMP sidecar says of the picture that it lies beside.
public struct SidecarFacts: Codable, Equatable, Sendable {
    /// Title, caption, keywords and rating.
    public var texts: EmbeddedTexts
    /// When the picture was taken, in the form of `CaptureFacts.takenAt`.
    ///
    /// Counts before what the picture says itself: somebody has set it right.
    public var takenAt: String?
    /// When it was digitised, or its file made: counts only where the picture itself says nothing.
    public var createdAt: String?
    /// Degrees north, −90 … 90.
    public var latitude: Double?
    /// Degrees east, −180 … 180.
    public var longitude: Double?
    /// The extension of the one file that it belongs to (`photoshop:SidecarForExtension`), lower-case,
    /// without the dot; `nil` if it names none.
    public var fileExtension: String?
    /// What Vignette itself wrote into it last, here or on another machine.
    public var record: SidecarRecord?

    /// Builds facts from their parts.
    public init(
        texts: EmbeddedTexts = EmbeddedTexts(), takenAt: String? = nil, createdAt: String? = nil,
        latitude: Double? = nil, longitude: Double? = nil, fileExtension: String? = nil,
        record: SidecarRecord? = nil
    ) {
        self.texts = texts
        self.takenAt = takenAt
        self.createdAt = createdAt
        self.latitude = latitude
        self.longitude = longitude
        self.fileExtension = fileExtension
        self.record = record
    }
}

extension SidecarFacts {
    /// Characters that an extension may have.
    package static let maximumExtension = 16

    /// Whether every part is within what it is documented to be; the parent asks it of its child.
    var isPlausible: Bool {
        [takenAt, createdAt].allSatisfy { ($0?.utf8.count ?? 0) <= 40 }
            && latitude.map { abs($0) <= 90 } ?? true && longitude.map { abs($0) <= 180 } ?? true
            && (fileExtension?.count ?? 0) <= Self.maximumExtension && texts.isWithinBounds
            && record?.isWithinBounds ?? true
    }
}
