import Synchronization
import Testing

@testable import Daemon

@Suite struct WorkClockTests {
    /// A clock whose hands a test moves.
    private final class Hands: Sendable {
        private let moment = Mutex(SuspendingClock.now)

        var now: SuspendingClock.Instant { moment.withLock { $0 } }

        func wait(_ seconds: Int) {
            moment.withLock { $0 = $0.advanced(by: .seconds(seconds)) }
        }
    }

    private let hands = Hands()
    private let clock: WorkClock

    init() {
        clock = WorkClock { [hands] in hands.now }
    }

    @Test func theTimesOfAllAddUpToTheTimeThatPassed() {
        clock.taken(2)
        hands.wait(3)
        clock.letGo()
        #expect(clock.lap() == 3)
        hands.wait(4)
        clock.letGo()
        #expect(clock.lap() == 4)
    }

    @Test func timeWithoutWorkIsNotMeasured() {
        clock.taken()
        hands.wait(1)
        clock.letGo()
        #expect(clock.lap() == 1)
        clock.restIfIdle()
        hands.wait(1000)
        #expect(clock.lap() == 0)
        clock.taken()
        hands.wait(2)
        #expect(clock.lap() == 2)
    }

    @Test func goesOnWhileAnythingIsInHand() {
        clock.taken(2)
        clock.letGo()
        hands.wait(5)
        clock.restIfIdle()
        hands.wait(5)
        #expect(clock.lap() == 10)
    }

    @Test func leavesOutWhatWasSpentOnWaiting() {
        clock.taken()
        hands.wait(3600)
        clock.skip()
        hands.wait(1)
        #expect(clock.lap() == 1)
    }
}
