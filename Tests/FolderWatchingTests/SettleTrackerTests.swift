import FileSystem
import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

@Suite struct SettleTrackerTests {
    private var table = WatchTable()
    private let directory: DirectoryID

    init() {
        directory = table.addRoot(0)
    }

    private func file(_ number: Int) -> SettleTracker.File {
        SettleTracker.File(
            directory: directory, name: FilePath.Component("\(number).jpg") ?? "x.jpg")
    }

    private func status(_ size: Int64) -> FileStatus {
        FileStatus(kind: .file, device: 1, inode: 1, size: size, modified: 0, changed: 0)
    }

    @Test func emptyTrackerHasNoDeadline() {
        var tracker = SettleTracker(settleTime: 10)
        #expect(tracker.nextDeadline == nil)
        let due = tracker.popDue(now: .max)
        #expect(due == nil)
    }

    @Test func filesAreDueInOrder() {
        var tracker = SettleTracker(settleTime: 10)
        tracker.wait(for: file(1), ofRoot: 0, status: status(1), now: 0)
        tracker.wait(for: file(2), ofRoot: 0, status: status(2), now: 5)
        #expect(tracker.nextDeadline == 10)
        let early = tracker.popDue(now: 9)
        let first = tracker.popDue(now: 10)
        let second = tracker.popDue(now: 14)
        #expect(early == nil)
        #expect(first?.file == file(1))
        #expect(second == nil)
        #expect(tracker.nextDeadline == 15)
    }

    @Test func waitingAnewPutsTheDeadlineOff() {
        var tracker = SettleTracker(settleTime: 10)
        tracker.wait(for: file(1), ofRoot: 0, status: status(1), now: 0)
        tracker.wait(for: file(1), ofRoot: 0, status: status(2), now: 5)
        let early = tracker.popDue(now: 14)
        let due = tracker.popDue(now: 15)
        #expect(early == nil)
        #expect(due?.status.size == 2)
        #expect(tracker.count == 0)
    }

    @Test func removedFilesAreNeverDue() {
        var tracker = SettleTracker(settleTime: 10)
        tracker.wait(for: file(1), ofRoot: 0, status: status(1), now: 0)
        #expect(tracker.remove(file(1)) == status(1))
        #expect(tracker.nextDeadline == nil)
    }

    /// Against a plain dictionary, over many random steps.
    @Test func agreesWithASimpleModel() {
        var generator = SeededGenerator(seed: 3)
        var tracker = SettleTracker(settleTime: 50)
        var model: [SettleTracker.File: Int64] = [:]
        var now: Int64 = 0
        for _ in 0..<20_000 {
            now += .random(in: 0...2, using: &generator)
            let file = file(.random(in: 0..<40, using: &generator))
            if Bool.random(using: &generator) {
                tracker.wait(for: file, ofRoot: 0, status: status(now), now: now)
                model[file] = now + 50
            } else if Int.random(in: 0..<4, using: &generator) == 0 {
                _ = tracker.remove(file)
                model[file] = nil
            }
            while let due = tracker.popDue(now: now) {
                #expect((model.removeValue(forKey: due.file) ?? .max) <= now)
            }
            #expect(tracker.count == model.count)
            #expect(tracker.nextDeadline == model.values.min())
        }
    }
}
