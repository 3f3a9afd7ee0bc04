import Synchronization

/// Measures how much time the work takes, for its rate: the time during which anything was in hand.
///
/// Whoever is done with something takes the time since somebody last was. So the times of all add up to
/// the time that passed, however many threads are at work.
final class WorkClock: Sendable {
    private struct State {
        /// Since when time has not been taken; `nil` while nothing is in hand.
        var start: SuspendingClock.Instant?
        var inHand = 0
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> SuspendingClock.Instant

    /// Builds a clock that stands.
    ///
    /// - Parameter now: The present moment; time during which the machine sleeps is none.
    init(now: @escaping @Sendable () -> SuspendingClock.Instant = { SuspendingClock.now }) {
        self.now = now
    }

    /// Something is in hand.
    func taken(_ count: Int = 1) {
        state.withLock { state in
            state.inHand += count
            if state.start == nil { state.start = now() }
        }
    }

    /// Something is in hand no more.
    func letGo() {
        state.withLock { $0.inHand -= 1 }
    }

    /// Nothing more can be taken at present: unless something is still in hand, the clock stands.
    func restIfIdle() {
        state.withLock { state in
            if state.inHand <= 0 { state.start = nil }
        }
    }

    /// The time before this moment was spent on waiting for something else than the work.
    func skip() {
        state.withLock { state in
            if state.start != nil { state.start = now() }
        }
    }

    /// Takes the time.
    ///
    /// - Returns: Seconds of work since it was last taken.
    func lap() -> Double {
        state.withLock { state in
            guard let start = state.start else { return 0 }
            let now = now()
            state.start = now
            return (now - start) / .seconds(1)
        }
    }
}
