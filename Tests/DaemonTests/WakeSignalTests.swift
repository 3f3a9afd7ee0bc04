import Foundation
import TestSupport
import Testing

@testable import Daemon

@Suite struct WakeSignalTests {
    @Test func newsBetweenMarkAndWaitIsNotMissed() {
        let signal = WakeSignal()
        let mark = signal.mark()
        signal.notify()
        // Would block for ever if the news were missed.
        signal.wait(since: mark, until: nil)
    }

    @Test func stopEndsEveryWait() async throws {
        let signal = WakeSignal()
        async let waited: Void = onThread {
            signal.wait(since: signal.mark(), until: nil)
        }
        signal.stop()
        try await waited
        #expect(signal.stopped)
    }

    @Test func endsAtTheDeadline() {
        let signal = WakeSignal()
        signal.wait(since: signal.mark(), until: Date())
        #expect(!signal.stopped)
    }
}
