public import Catalogue
public import VectorIndex

/// A page of what was found.
public struct FoundPage: Sendable {
    /// What was found, in the order of the query.
    public var hits: [FoundHit]
    /// Whether there is more behind the last.
    public var hasMore: Bool

    /// Builds a page from its parts.
    public init(hits: [FoundHit], hasMore: Bool) {
        self.hits = hits
        self.hasMore = hasMore
    }
}

/// A picture that was found, and why.
public struct FoundHit: Sendable {
    /// What is shown of it, and the cursor behind it.
    public var hit: SearchHit
    /// Where its words stand.
    public var places: [MatchedPlace]
    /// How like the words it is, a clip by its likest second; `nil` where it was not found by that.
    public var near: VectorHit?
    /// By what it was put in its place, higher for better; `nil` where it stands by its age.
    public var score: Double?

    init(_ hit: SearchHit, reasons: Set<MatchedPlace>, near: VectorHit?, score: Double?) {
        self.hit = hit
        places = MatchedPlace.allCases.filter(reasons.contains)
        self.near = near
        self.score = score
    }

    /// Why it was found, such as `caption` or `meaning 0.31`.
    public var reasons: [String] {
        places.map(\.rawValue) + (near.map { [Self.meaning($0.similarity)] } ?? [])
    }

    static func meaning(_ similarity: Float) -> String { "meaning \(shown(similarity))" }

    /// A similarity as it is shown: `0.31`.
    public static func shown(_ similarity: Float) -> String {
        let hundredths = Int((similarity * 100).rounded())
        let digits = "\(abs(hundredths) / 100).\(abs(hundredths) / 10 % 10)\(abs(hundredths) % 10)"
        return "\(hundredths < 0 ? "-" : "")\(digits)"
    }
}
