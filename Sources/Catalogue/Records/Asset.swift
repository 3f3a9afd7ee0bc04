public import MediaDecoding

/// A still picture, or something with time in it.
public enum AssetKind: String, CaseIterable, Sendable {
    /// One picture.
    case still
    /// A clip.
    case video
}

/// What a file's content is, as found by looking at it before decoding its pixels.
public struct AssetFacts: Equatable, Sendable {
    /// The digest of the image data with the metadata left out; equal means the same asset.
    public var identity: [UInt8]
    /// A still or a video.
    public var kind: AssetKind
    /// The format by its usual lower-case name, such as `jpeg`.
    public var format: String
    /// Width in pixels as a person sees it.
    public var width: Int
    /// Height in pixels as a person sees it.
    public var height: Int
    /// Length in seconds, of a video.
    public var duration: Double?
    /// What this file, of all that hold the asset, says of the moment and place.
    public var capture: CaptureFacts
    /// What people or their programs wrote into this file.
    public var texts: EmbeddedTexts
    /// What joins the still and the clip of a Live Photo: the same text in both files.
    public var contentIdentifier: String?
    /// Whether the picture is what the sensor saw, of which the camera may have made another one.
    public var isRaw: Bool
    /// Whether it was cut short, and is described as far as it goes.
    public var isIncomplete: Bool

    /// Builds facts from their parts.
    public init(
        identity: [UInt8], kind: AssetKind, format: String, width: Int, height: Int,
        duration: Double? = nil, capture: CaptureFacts = CaptureFacts(),
        texts: EmbeddedTexts = EmbeddedTexts(), contentIdentifier: String? = nil,
        isRaw: Bool = false, isIncomplete: Bool = false
    ) {
        self.identity = identity
        self.kind = kind
        self.format = format
        self.width = width
        self.height = height
        self.duration = duration
        self.capture = capture
        self.texts = texts
        self.contentIdentifier = contentIdentifier
        self.isRaw = isRaw
        self.isIncomplete = isIncomplete
    }
}

extension CaptureFacts {
    /// The facts with what a sidecar says in their place.
    ///
    /// A moment that somebody set counts, unless the file says the same more exactly; one that may only be
    /// the sidecar's own, or that of the scan, counts where the file says nothing.
    func corrected(by sidecar: SidecarFacts?) -> CaptureFacts {
        guard let sidecar else { return self }
        var facts = self
        if let moment = sidecar.takenAt {
            facts.takenAt = takenAt.flatMap { $0.hasPrefix(moment) ? $0 : nil } ?? moment
        } else {
            facts.takenAt = takenAt ?? sidecar.createdAt
        }
        if sidecar.latitude != nil, sidecar.longitude != nil {
            facts.latitude = sidecar.latitude
            facts.longitude = sidecar.longitude
        }
        return facts
    }
}
