public import SystemPackage

/// What to look for.
public struct SearchQuery: Equatable, Sendable {
    /// Words, all of which must be found, by their beginnings, in texts, tags or names; phrases in
    /// double quotes, found exactly; `-` before either for what must not be there.
    ///
    /// Any text is allowed; an empty one finds everything.
    public var text: String
    /// Tags that must all be there, whole.
    public var tags: [String]
    /// Stills or videos only.
    public var kind: AssetKind?
    /// At least so many stars; `nil` for pictures with and without a rating.
    public var minimumRating: Int?
    /// What else must hold.
    public var filters: [SearchFilter]
    /// In which order.
    public var sorting: SearchSorting
    /// The largest number of hits.
    public var limit: Int
    /// How many of the first hits to leave out.
    public var offset: Int
    /// The cursor of a hit of the same query, behind which to go on; `nil` for the beginning.
    public var after: String?

    /// Builds a query from its parts.
    public init(
        _ text: String, tags: [String] = [], kind: AssetKind? = nil, minimumRating: Int? = nil,
        filters: [SearchFilter] = [], sorting: SearchSorting = .relevance, limit: Int = 50,
        offset: Int = 0, after: String? = nil
    ) {
        self.text = text
        self.tags = tags
        self.kind = kind
        self.minimumRating = minimumRating
        self.filters = filters
        self.sorting = sorting
        self.limit = limit
        self.offset = offset
        self.after = after
    }
}

/// An asset that was found.
public struct SearchHit: Equatable, Sendable {
    /// The asset.
    public var assetID: Int64
    /// A still or a video.
    public var kind: AssetKind
    /// Where it is: never empty; files whose paths have the words that were looked for come first.
    ///
    /// The raw beside the picture and the clip of a Live Photo are among them.
    public var files: [FileLocation]
    /// The caption that counts.
    public var caption: String?
    /// Who wrote the caption.
    public var captionSource: DescriptionSource?
    /// The title that a person gave it.
    public var title: String?
    /// The tags.
    public var tags: [String] { tagDetails.map(\.text) }
    /// The tags, with who gave them.
    public var tagDetails: [TagDetails]
    /// Stars, 1 … 5, or −1 for a picture that was rejected, as a person gave them.
    public var rating: Int?
    /// Whether it was cut short, and is described as far as it goes.
    public var isIncomplete: Bool
    /// When it was taken, as one of the files says.
    public var takenAt: String?
    /// What `SearchQuery.after` takes to go on behind this hit.
    public var cursor: String
}

/// Where a file is.
public struct FileLocation: Equatable, Sendable {
    /// Its root, absolute.
    public var root: FilePath
    /// Its path below the root.
    public var relativePath: FilePath
    /// Whether the root and the volume can be read at present.
    public var isOnline: Bool

    /// Its absolute path.
    public var path: FilePath { root.pushing(relativePath) }
}
