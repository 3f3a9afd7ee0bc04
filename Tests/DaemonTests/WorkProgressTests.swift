import Testing

@testable import Daemon

@Suite struct WorkProgressTests {
    private let start = ContinuousClock.now

    @Test func countsWhatIsDoneWhileMoreIsFound() {
        var meter = ProgressMeter(done: 100)
        #expect(meter.progress(done: 100, left: 10, at: start).done == 0)
        let progress = meter.progress(done: 104, left: 20, at: start + .seconds(2))
        #expect(progress == WorkProgress(done: 4, left: 20, rate: 2))
        #expect(progress.secondsLeft == 10)
    }

    @Test func theRateIsThatOfTheLastMinute() {
        var meter = ProgressMeter(done: 0)
        for second in 0...300 {
            // A hundred a second at first, one a second later.
            let done = second <= 150 ? 100 * second : 15_000 + second - 150
            let progress = meter.progress(
                done: done, left: 1000, at: start + .seconds(second))
            if second == 140 { #expect(progress.rate == 100) }
            if second == 300 { #expect(progress.rate == 1) }
        }
    }

    @Test func beginsAgainWhenNothingIsLeft() {
        var meter = ProgressMeter(done: 0)
        _ = meter.progress(done: 0, left: 5, at: start)
        #expect(meter.progress(done: 5, left: 0, at: start + .seconds(1)).done == 5)
        let next = meter.progress(done: 5, left: 3, at: start + .seconds(9000))
        #expect(next == WorkProgress(done: 0, left: 3, rate: 0))
        #expect(next.secondsLeft == nil)
    }
}
