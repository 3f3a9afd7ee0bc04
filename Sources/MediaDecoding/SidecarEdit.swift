/// What is to be changed in a sidecar; whatever it does not name stays as it is, byte for byte.
public struct SidecarEdit: Codable, Equatable, Sendable {
    /// A change of one text.
    public struct Text: Codable, Equatable, Sendable {
        /// What it is to say; `nil` takes it away.
        public var text: String?
        /// What it says until now: other properties that say the same are changed with it.
        public var former: String?

        /// Builds a change from its parts.
        public init(_ text: String?, former: String? = nil) {
            self.text = text
            self.former = former
        }
    }

    /// `dc:description`, and `tiff:ImageDescription` where it says the same until now.
    public var caption: Text?
    /// `dc:title`.
    public var title: Text?
    /// `Iptc4xmpCore:AltTextAccessibility`.
    public var alternativeText: Text?
    /// Tags to add, as paths from the widest term to the narrowest, most of them of one term.
    public var addedTags: [[String]]
    /// Tags to take out of all fields that hold keywords.
    public var removedTags: [[String]]
    /// What is to stand in Vignette's own namespace; `nil` leaves that as it is.
    public var record: SidecarRecord?
    /// The extension of the one file that the sidecar belongs to, written where it names none.
    public var fileExtension: String?

    /// Builds an edit from its parts.
    public init(
        caption: Text? = nil, title: Text? = nil, alternativeText: Text? = nil,
        addedTags: [[String]] = [], removedTags: [[String]] = [], record: SidecarRecord? = nil,
        fileExtension: String? = nil
    ) {
        self.caption = caption
        self.title = title
        self.alternativeText = alternativeText
        self.addedTags = addedTags
        self.removedTags = removedTags
        self.record = record
        self.fileExtension = fileExtension
    }

    /// Whether nothing is to be changed.
    public var isEmpty: Bool { self == SidecarEdit() }

    /// Bytes that a sidecar may have that is edited.
    public static let maximumSidecar = 8 << 20
}
