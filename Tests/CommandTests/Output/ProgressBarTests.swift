import Catalogue
import Testing

@testable import vignette

@Suite struct ProgressBarTests {
    typealias Part = WorkProgress.Part

    @Test(arguments: [
        (Part(left: 10), Part(), "╌ 0 of 10"),
        (Part(done: 5, left: 5, rate: 2, secondsLeft: 2.5), Part(), "╌ 5 of 10  2.0/s, 3 s left"),
        (
            Part(done: 1, left: 999, rate: 1.0 / 60, secondsLeft: 59_940), Part(),
            "╌ 1 of 1000  1.0/min, 16 h 39 min left"
        ),
        (Part(done: 10, rate: 10), Part(), "━ 10 of 10  10.0/s"),
        (Part(), Part(), "╌ 0 of 0"),
        (
            Part(done: 5, left: 5), Part(done: 1, left: 7, rate: 3, secondsLeft: 200),
            "╌ 5 of 10; then 7 again, 3 min 20 s left"
        ),
        (
            Part(done: 5), Part(done: 1, left: 7, rate: 3, secondsLeft: 200),
            "╌ again 1 of 8  3.0/s, 3 min 20 s left"
        ),
    ])
    func saysHowFarHowFastAndHowLong(new: Part, redo: Part, text: String) {
        let line = ProgressBar.line(WorkProgress(new: new, redo: redo))
        #expect(line.hasSuffix(text), "\(line)")
        #expect(line.prefix { $0 == "━" || $0 == "╌" }.count == 24)
    }

    @Test func whatIsMadeFindableComesLast() {
        let made = Part(done: 2, left: 8, rate: 4, secondsLeft: 2)
        #expect(
            ProgressBar.line(WorkProgress(new: Part(left: 1), embeddings: made))
                .hasSuffix("0 of 1; then 8 for search by meaning, 2 s left"))
        #expect(
            ProgressBar.line(WorkProgress(embeddings: made))
                .hasSuffix("for search by meaning 2 of 10  4.0/s, 2 s left"))
    }

    @Test(arguments: [(0.2, "1 s"), (59, "59 s"), (200, "3 min 20 s"), (18600, "5 h 10 min")])
    func writesDurationsForPeople(seconds: Double, text: String) {
        #expect(ProgressBar.time(seconds) == text)
    }

    @Test func survivesAnyTimeLeft() {
        #expect(ProgressBar.time(.infinity).hasSuffix("min"))
    }
}
