import Testing

@testable import ModelHub

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy(
        attempts: 3, firstPause: .microseconds(1), longestPause: .microseconds(8),
        longestRequestedPause: .seconds(1))
    private let passing = HubError("x", "failed", recovery: .later(after: nil))

    @Test func failuresWithProgressBetweenThemDoNotCount() throws {
        var calls = 0
        let value = try policy.run(stop: StopSignal()) { progressed in
            calls += 1
            progressed = true
            if calls < 20 { throw passing }
            return calls
        }
        #expect(value == 20)
    }

    @Test func failuresInARowEndIt() throws {
        var calls = 0
        let error = #expect(throws: HubError.self) {
            try policy.run(stop: StopSignal()) { _ in
                calls += 1
                throw passing
            }
        }
        #expect(calls == 3)
        #expect(error?.reason == "failed, 3 times in a row")
    }

    @Test(arguments: [HubError.Recovery.none, .startOver]) func otherErrorsEndItAtOnce(
        recovery: HubError.Recovery
    ) {
        var calls = 0
        #expect(throws: HubError.self) {
            try policy.run(stop: StopSignal()) { _ in
                calls += 1
                throw HubError("x", "failed", recovery: recovery)
            }
        }
        #expect(calls == 1)
    }

    @Test func stopEndsItBeforeTheNextAttempt() {
        let stop = StopSignal()
        var calls = 0
        #expect(throws: CancellationError.self) {
            try policy.run(stop: stop) { _ in
                calls += 1
                stop.raise()
                throw passing
            }
        }
        #expect(calls == 1)
    }

    @Test func pausesGrowAndStayBounded() {
        let policy = RetryPolicy(
            attempts: 40, firstPause: .microseconds(100), longestPause: .microseconds(800))
        var pauses: [Duration] = []
        #expect(throws: HubError.self) {
            try policy.run(stop: StopSignal(), notice: { pauses.append($1) }) { _ in throw passing }
        }
        #expect(pauses.count == 39)
        #expect(pauses[0] <= .microseconds(100) && pauses[2] > .microseconds(200))
        #expect(pauses.allSatisfy { $0 <= .microseconds(800) })
    }
}
