public import SystemPackage

/// What an asset must be, or must not be, beyond the words about it.
public struct SearchFilter: Equatable, Sendable {
    /// What must hold.
    public var condition: SearchCondition
    /// Whether it must not hold instead.
    public var isExcluded: Bool

    /// Builds a filter from its parts.
    public init(_ condition: SearchCondition, isExcluded: Bool = false) {
        self.condition = condition
        self.isExcluded = isExcluded
    }
}

/// What can be asked of an asset.
///
/// Moments and places are those that a picture's file says, set right by a sidecar beside it; of several files,
/// those of the first that says when it was taken.
public enum SearchCondition: Equatable, Sendable {
    /// A still or a video.
    case kind(AssetKind)
    /// A tag, whole.
    case tag(String)
    /// At least so many stars.
    case rating(Int)
    /// Taken with a camera whose name has these words, in capitals or not.
    case camera(String)
    /// In a folder whose path ends or goes on with these names, one after the other, in capitals or not.
    case folder([String])
    /// With a file somewhere below a folder, given by its absolute path, byte for byte.
    case below(FilePath)
    /// Taken in a span of time.
    case taken(CaptureSpan)
    /// Taken in a month, 1 to 12, and on a day of it, of whatever year.
    case yearly(month: Int, day: Int?)
    /// Taken so many kilometres from a place, or nearer.
    case near(latitude: Double, longitude: Double, kilometres: Double)
    /// One of these is not known.
    case lacks(Missing)
    /// The caption that counts is theirs.
    case captionBy(DescriptionSource)

    /// What can be unknown of an asset.
    public enum Missing: String, CaseIterable, Sendable {
        /// Where it was taken.
        case place
        /// When it was taken.
        case date
        /// Its caption.
        case caption
        /// Any tag.
        case tag
        /// Its stars.
        case rating
    }
}

/// A span of time by the clock of the place where a picture was taken, or of whatever clock its file tells.
///
/// The ends are beginnings of ISO 8601 moments (`2019`, `2019-07`, `2019-07-26`), which compare as text.
public struct CaptureSpan: Equatable, Sendable {
    /// The first that belongs to it; `nil` for the beginning of time.
    public var from: String?
    /// The first that no longer does; `nil` for the end of time.
    public var to: String?

    /// Builds a span from its ends.
    public init(from: String?, to: String?) {
        self.from = from
        self.to = to
    }
}

/// In which order a search's hits are wanted.
public enum SearchSorting: String, CaseIterable, Sendable {
    /// The best first, as long as they are at most a thousand; otherwise what was found last first.
    case relevance
    /// What was taken last first; what tells no date at the end.
    case date
}
