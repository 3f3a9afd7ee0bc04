/// What a worker decides: when to claim and how much, when to say that it is still there, what it may still answer.
///
/// Values only; moments are seconds of any clock that does not go back. They decide when to ask; whether a lease
/// stands is decided by the database's clock.
public struct WorkerBook: Sendable {
    /// A piece in hand.
    public struct Held: Hashable, Sendable {
        /// Which.
        public var piece: PieceID
        /// The fencing number: which claim of it this is.
        public var attempt: Int64

        /// Builds it from its parts.
        public init(piece: PieceID, attempt: Int64) {
            self.piece = piece
            self.attempt = attempt
        }
    }

    /// Seconds between two signs of life while something is in hand.
    public static let heartbeat = 10.0
    /// Seconds between two questions for work while nothing is.
    public static let idlePoll = 60.0
    /// Seconds of work that are taken at a time.
    static let secondsAtOnce = 10.0
    private static let longestBackoff = 60.0

    /// Pieces in hand.
    public private(set) var held: Set<Held> = []
    /// Whether nothing more is taken.
    public private(set) var isDraining = false
    /// Seconds that a piece takes, as measured; `nil` at first.
    public private(set) var secondsEach: Double?
    /// Most pieces that the model looks at together.
    public let mostAtOnce: Int

    private var nextClaim = 0.0
    private var nextHeartbeat = 0.0
    private var failuresToReach = 0

    /// Builds the book of a worker that has nothing.
    public init(mostAtOnce: Int) { self.mostAtOnce = max(mostAtOnce, 1) }

    /// Pieces that are taken at a time, as the speed suggests.
    public var batch: Int {
        guard let secondsEach, secondsEach > 0 else { return 1 }
        return min(max(Int(Self.secondsAtOnce / secondsEach), 1), mostAtOnce)
    }

    /// How many pieces to claim at a moment; 0 for none.
    ///
    /// One batch is in the model and one waits for it, so that the model never does.
    public func wanted(at now: Double) -> Int {
        guard !isDraining, now >= nextClaim, held.count <= batch else { return 0 }
        return min(2 * batch - held.count, QueueSchema.mostHeld)
    }

    /// A claim was answered; where nothing came, the next is made when somebody rings or in a minute.
    public mutating func claimed(_ pieces: [Held], at now: Double) {
        if held.isEmpty { nextHeartbeat = now + Self.heartbeat }
        held.formUnion(pieces)
        failuresToReach = 0
        nextClaim = pieces.isEmpty ? now + Self.idlePoll : now
    }

    /// Somebody said that there may be work.
    public mutating func heardOfWork() { nextClaim = 0 }

    /// Whether a sign of life is due.
    public func heartbeatIsDue(at now: Double) -> Bool { !held.isEmpty && now >= nextHeartbeat }

    /// A sign of life was answered by which pieces are still this worker's.
    ///
    /// - Returns: Pieces that are so no more: to be dropped, whatever becomes of them.
    public mutating func renewed(_ still: Set<PieceID>, at now: Double) -> Set<PieceID> {
        nextHeartbeat = now + Self.heartbeat
        let lost = held.filter { !still.contains($0.piece) }
        held.subtract(lost)
        return Set(lost.map(\.piece))
    }

    /// Whether a result may be sent: nobody has said that the piece is another's.
    public func mayAnswer(_ piece: Held) -> Bool { held.contains(piece) }

    /// A piece's end was accepted or refused by the database; either way it is this worker's no more.
    ///
    /// - Parameters:
    ///   - piece: Which.
    ///   - seconds: How long it took; `nil` where nothing was made of it.
    public mutating func ended(_ piece: Held, seconds: Double? = nil) {
        held.remove(piece)
        guard let seconds, seconds.isFinite, seconds > 0 else { return }
        secondsEach = secondsEach.map { $0 * 0.7 + seconds * 0.3 } ?? seconds
    }

    /// Everything was given back, and the worker is to wait before it asks again.
    public mutating func paused(for seconds: Double, at now: Double) {
        held = []
        nextClaim = now + seconds
    }

    /// The queue cannot be reached: what is in hand is kept, since an answer may still be in time.
    ///
    /// - Returns: Seconds to wait before the next try, longer each time.
    public mutating func couldNotReach() -> Double {
        failuresToReach += 1
        return min(pow2(failuresToReach - 1), Self.longestBackoff)
    }

    /// The worker has enlisted anew, under which nothing is held that it held before.
    ///
    /// - Returns: What it held.
    public mutating func enlistedAnew() -> Set<PieceID> {
        defer { held = [] }
        nextClaim = 0
        return Set(held.map(\.piece))
    }

    /// Takes nothing more.
    public mutating func drain() { isDraining = true }

    /// The next moment at which something is to be done without any other news.
    public func nextMoment(after now: Double) -> Double {
        let claim = held.count <= batch && !isDraining ? max(nextClaim, now) : now + Self.idlePoll
        return held.isEmpty ? claim : min(claim, nextHeartbeat)
    }

    private func pow2(_ exponent: Int) -> Double { Double(1 << min(max(exponent, 0), 16)) }
}
