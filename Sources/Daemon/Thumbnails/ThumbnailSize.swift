/// The sizes in which pictures are shown.
public enum ThumbnailSize: String, CaseIterable, Sendable {
    /// Among others.
    case small
    /// Alone.
    case large

    /// The most pixels of the longer edge; a small picture of the usual 3:2 is 256 pixels high.
    public var longestEdge: Int {
        switch self {
        case .small: 384
        case .large: 1440
        }
    }
}
