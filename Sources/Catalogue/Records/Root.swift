public import SystemPackage

/// A watched folder.
public struct Root: Equatable, Sendable {
    /// Whether the folder can be read.
    public enum State: Equatable, Sendable {
        /// It stands where it should.
        case online
        /// It does not, for a reason in words; all that is known of it is kept.
        case offline(reason: String)
    }

    /// Its number in the catalogue.
    public var id: Int64
    /// Where it is, absolute.
    public var path: FilePath
    /// Whether it can be read.
    public var state: State
    /// Whether it is one of the roots that the catalogue's owner works on, or last did.
    public var isWatched: Bool

    /// Builds a root from its parts.
    public init(id: Int64, path: FilePath, state: State, isWatched: Bool = true) {
        self.id = id
        self.path = path
        self.state = state
        self.isWatched = isWatched
    }
}
