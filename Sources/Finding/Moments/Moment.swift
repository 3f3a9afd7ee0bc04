public import Catalogue

/// A stretch of a clip that was found.
public struct Moment: Sendable {
    /// The clip.
    public var hit: SearchHit
    /// The first second of it.
    public var start: Double
    /// The second behind it.
    public var end: Double
    /// The similarity of its likest second; `nil` where it was found by its caption alone.
    public var similarity: Float?
    /// Its likest second; `nil` where it was found by its caption alone.
    public var peak: Double?
    /// What was said of it, where that has the words.
    public var caption: String?

    /// Why it was found: `caption`, `meaning 0.31`.
    public var reasons: [String] {
        (caption == nil ? [] : ["caption"]) + (similarity.map { [FoundHit.meaning($0)] } ?? [])
    }
}

/// A stretch before it is known what is shown of its clip.
struct Stretch: Equatable {
    var asset: Int64
    var start: Double
    var end: Double
    var similarity: Float?
    var peak: Double?
    var caption: String?

    /// Whether two of one clip share a second.
    func overlaps(_ other: Stretch) -> Bool {
        asset == other.asset && start < other.end && other.start < end
    }
}
