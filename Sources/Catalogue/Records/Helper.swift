public import Foundation

/// A machine that describes pictures of this library, as the queue knew it last.
public struct Helper: Codable, Equatable, Sendable {
    /// How it is with it.
    public enum State: String, Codable, Sendable {
        case working, idle, paused, silent, gone
    }

    /// What people call it.
    public var name: String
    /// How it is with it.
    public var state: State
    /// Whether it has the model that is asked for.
    public var isAble: Bool
    /// What it says that it does.
    public var doing: String
    /// The version of its program.
    public var program: String
    /// Pictures that it has described, for any library.
    public var done: Int
    /// Pictures that it could not describe.
    public var failed: Int
    /// Seconds that a picture takes it.
    public var secondsEach: Double?
    /// When it was last heard of.
    public var lastWord: Date

    /// Builds it from its parts.
    public init(
        name: String, state: State, isAble: Bool, doing: String, program: String, done: Int,
        failed: Int, secondsEach: Double?, lastWord: Date
    ) {
        self.name = name
        self.state = state
        self.isAble = isAble
        self.doing = doing
        self.program = program
        self.done = done
        self.failed = failed
        self.secondsEach = secondsEach
        self.lastWord = lastWord
    }

    /// Whether it was heard of lately.
    public var isPresent: Bool { state != .silent && state != .gone }
}

/// Pieces of this library's work in the hands of others, over all time.
public struct HelpCounts: Equatable, Sendable {
    /// Put into the queue.
    public var offered = 0
    /// Described by others.
    public var done = 0
    /// What others could not describe.
    public var failed = 0

    /// Builds counts of nothing.
    public init() {}
}

/// Who else works for a library.
public struct HelpFromOthers: Equatable, Sendable {
    /// The queue's place, without user and password; `nil` where nobody is asked.
    public var place: String?
    /// Why it cannot be reached.
    public var problem: String?
    /// The machines, those that are there first.
    public var helpers: [Helper] = []
    /// Pieces that wait for one of them.
    public var waiting = 0
    /// Pieces that they have in hand.
    public var held = 0

    /// Nobody.
    public init() {}
}
