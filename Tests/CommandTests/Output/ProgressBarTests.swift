import Daemon
import Testing

@testable import vignette

@Suite struct ProgressBarTests {
    @Test(arguments: [
        (0, 10, 0.0, "0 of 10  0.0/s"),
        (5, 5, 2.0, "5 of 10  2.0/s, 3 s left"),
        (1, 999, 1.0 / 60, "1 of 1000  1.0/min, 16 h 39 min left"),
        (10, 0, 10.0, "10 of 10  10.0/s"),
        (0, 0, 0.0, "0 of 0  0.0/s"),
    ])
    func saysHowFarHowFastAndHowLong(done: Int, left: Int, rate: Double, text: String) {
        let line = ProgressBar.line(WorkProgress(done: done, left: left, rate: rate))
        #expect(line.hasSuffix(text), "\(line)")
        #expect(line.prefix { $0 == "━" || $0 == "╌" }.count == 24)
    }

    @Test(arguments: [(0.2, "1 s"), (59, "59 s"), (200, "3 min 20 s"), (18600, "5 h 10 min")])
    func writesDurationsForPeople(seconds: Double, text: String) {
        #expect(ProgressBar.time(seconds) == text)
    }

    @Test func survivesAnyTimeLeft() {
        #expect(ProgressBar.time(.infinity).hasSuffix("min"))
    }
}
