import Testing
import WorkQueue

@testable import Catalogue

@Suite struct WorkProgressTests {
    @Test func saysNothingOfWhatItDoesNotKnow() {
        let pace = Pace(done: [DoneWork(.still, .new, items: 2, seconds: 20)])
        #expect(pace.newItem == nil, "two say little")
        #expect(pace.seconds(stills: 1, clips: 0) == nil)
        #expect(Pace(done: [DoneWork(.unseen, .new, items: 50, seconds: 0.2)]).newItem == nil)
        #expect(Pace(done: []).seconds(stills: 0, clips: 0) == 0)
    }

    @Test func measuresPicturesAndClipsByWhatTheyCost() {
        let pace = Pace(done: [
            DoneWork(.still, .redo, items: 10, seconds: 20), DoneWork(.clip, .new, seconds: 90),
            DoneWork(.unseen, .new, items: 899, seconds: 1),
        ])
        #expect(pace.still == 2)
        #expect(pace.clip == 90)
        #expect(pace.redoneItem == 2)
        #expect(pace.newItem == 91.0 / 900)
        #expect(pace.seconds(stills: 5, clips: 2) == 190)
    }

    @Test func clipsOfUnknownCostLeaveTheTimeUnknown() {
        let pace = Pace(done: [DoneWork(.still, .new, items: 10, seconds: 20)])
        #expect(pace.seconds(stills: 5, clips: 0) == 10)
        #expect(pace.seconds(stills: 5, clips: 1) == nil)
    }

    @Test func whatIsLongAgoDoesNotCount() {
        let pace = Pace(done: [
            DoneWork(.still, .new, items: 300, seconds: 600),
            DoneWork(.still, .new, items: 60_000, seconds: 600),
        ])
        #expect(pace.still == 2)
    }
}
