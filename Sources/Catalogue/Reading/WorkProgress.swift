public import WorkQueue

/// How far the work is.
public struct WorkProgress: Equatable, Sendable {
    /// What is described for the first time, and what is described again after that.
    public struct Part: Equatable, Sendable {
        /// What was done since there was last nothing left.
        public var done: Int
        /// What is left.
        public var left: Int
        /// What was lately done a second of work; `nil` where that is not known yet.
        public var rate: Double?
        /// Seconds of work that is left; `nil` where that is not known yet.
        public var secondsLeft: Double?

        /// Builds it from its parts.
        public init(done: Int = 0, left: Int = 0, rate: Double? = nil, secondsLeft: Double? = nil) {
            self.done = done
            self.left = left
            self.rate = rate
            self.secondsLeft = secondsLeft
        }

        /// All together.
        public var total: Int { done + left }
    }

    /// Files that are new or changed.
    public var new: Part
    /// Pictures that somebody wants described again.
    public var redo: Part

    /// Pictures that were described before there was anything to make their embeddings.
    public var embeddings: Part

    /// Builds it from its parts.
    public init(new: Part = Part(), redo: Part = Part(), embeddings: Part = Part()) {
        self.new = new
        self.redo = redo
        self.embeddings = embeddings
    }

    /// Everything that is left.
    public var left: Int { new.left + redo.left + embeddings.left }
}

/// What was done and how long it took, for the rate.
public struct DoneWork: Equatable, Sendable {
    /// What was done, by what it costs.
    public enum Kind: String, CaseIterable, Sendable {
        /// Files that the model did not look at: what they hold was known, or they were given up.
        case unseen
        /// Pictures that were described.
        case still
        /// Clips that were described.
        case clip
    }

    /// What it was.
    public var kind: Kind
    /// What was made.
    public var work: WorkKind
    /// Whether it was new.
    public var priority: WorkPriority
    /// How many.
    public var items: Int
    /// Seconds of work that passed meanwhile, other work at the same time not counted again.
    public var seconds: Double

    /// Builds it from its parts.
    public init(
        _ kind: Kind, of work: WorkKind = .describe, _ priority: WorkPriority, items: Int = 1,
        seconds: Double
    ) {
        self.kind = kind
        self.work = work
        self.priority = priority
        self.items = items
        self.seconds = seconds
    }
}

/// What was done lately by one recipe, the latest first.
struct Pace {
    /// What is given, the latest first, of any length.
    let done: [DoneWork]
    /// Older work does not count once there are so many seconds of it.
    private static let window = 600.0
    /// A rate of fewer items is none.
    private static let fewestItems = 3
    /// Nor is one of less time.
    private static let shortestTime = 1.0

    /// Seconds that an item takes that is new, whatever it turns out to be.
    var newItem: Double? { seconds(fewest: Self.fewestItems) { $0.priority == .new } }

    /// Seconds that an item takes that is described again.
    var redoneItem: Double? { seconds(fewest: Self.fewestItems) { $0.priority == .redo } }

    /// Seconds that an item takes, whatever it is.
    var anyItem: Double? { seconds(fewest: Self.fewestItems) { _ in true } }

    /// Seconds that a picture takes.
    var still: Double? { seconds(fewest: Self.fewestItems) { $0.kind == .still } }

    /// Seconds that a clip takes; they are few and long.
    var clip: Double? { seconds(fewest: 1) { $0.kind == .clip } }

    private func seconds(fewest: Int, of isMeant: (DoneWork) -> Bool) -> Double? {
        var items = 0
        var seconds = 0.0
        for part in done where isMeant(part) {
            items += part.items
            seconds += part.seconds
            if seconds >= Self.window { break }
        }
        guard items >= fewest, seconds >= Self.shortestTime else { return nil }
        return seconds / Double(items)
    }

    /// Seconds that pictures and clips take whose kinds are known; `nil` where one of the two is not known.
    func seconds(stills: Int, clips: Int) -> Double? {
        guard let forStills = stills > 0 ? still.map({ $0 * Double(stills) }) : 0,
            let forClips = clips > 0 ? clip.map({ $0 * Double(clips) }) : 0
        else { return nil }
        return forStills + forClips
    }
}
