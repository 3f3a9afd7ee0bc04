/// How far the work is.
public struct WorkProgress: Equatable, Sendable {
    /// What was done since it began.
    public var done: Int
    /// What is left.
    public var left: Int
    /// What was done a second of late; 0 where that is not known yet.
    public var rate: Double

    /// Builds it from its parts.
    public init(done: Int, left: Int, rate: Double) {
        self.done = done
        self.left = left
        self.rate = rate
    }

    /// All together.
    public var total: Int { done + left }

    /// Seconds that what is left will take at the present rate, if that is known.
    public var secondsLeft: Double? { rate > 0 && left > 0 ? Double(left) / rate : nil }
}

/// Makes progress out of counts of what is done and left.
struct ProgressMeter {
    /// Counts of the last while, since there was last nothing left.
    private var recent: [(moment: ContinuousClock.Instant, done: Int)] = []
    /// The count when there was last nothing left.
    private var base: Int
    /// The rate is that of so long.
    private static let window = Duration.seconds(60)

    /// Begins to measure.
    ///
    /// - Parameter done: What was done before.
    init(done: Int) { base = done }

    /// Takes in counts.
    ///
    /// - Parameters:
    ///   - done: All that was ever done.
    ///   - left: What is left.
    ///   - now: The moment.
    /// - Returns: How far what was begun is.
    mutating func progress(
        done: Int, left: Int, at now: ContinuousClock.Instant
    ) -> WorkProgress {
        guard left > 0 else {
            // What comes next is another piece of work.
            defer { self = ProgressMeter(done: done) }
            return WorkProgress(done: done - base, left: 0, rate: 0)
        }
        recent.append((now, done))
        while recent.count > 2, let first = recent.first, now - first.moment > Self.window {
            recent.removeFirst()
        }
        guard let first = recent.first, now > first.moment else {
            return WorkProgress(done: done - base, left: left, rate: 0)
        }
        let rate = Double(done - first.done) / ((now - first.moment) / .seconds(1))
        return WorkProgress(done: done - base, left: left, rate: rate)
    }
}
