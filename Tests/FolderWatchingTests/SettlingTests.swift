import FileSystem
import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

/// When a file counts as settled, with a clock that the test moves.
@Suite struct SettlingTests {
    @Test func fileIsReportedOnlyAfterItStoodStill() throws {
        let harness = try EngineHarness()
        try harness.watch()
        try harness.run("echo 1 > a.jpg")
        try harness.pass(.seconds(1))
        #expect(harness.model.paths.isEmpty)
        try harness.pass(.seconds(2))
        #expect(harness.model.paths == ["a.jpg"])
    }

    @Test func fileThatGrowsIsReportedOnceWhenItIsWhole() throws {
        let harness = try EngineHarness()
        try harness.watch()
        for _ in 0..<20 {
            try harness.run("echo more >> a.jpg")
            try harness.pass(.milliseconds(1900))
        }
        #expect(harness.model.settledStatuses(of: "a.jpg").isEmpty)
        try harness.settle()
        #expect(harness.model.settledStatuses(of: "a.jpg").map(\.size) == [100])
    }

    @Test func fileThatIsHeldOpenSettlesWhenItStandsStillAndAgainWhenItIsClosed() async throws {
        let harness = try EngineHarness()
        try harness.watch()
        let file = try FileDescriptor.open(
            harness.path.appending("a.jpg"), .writeOnly, options: [.create, .closeOnExec],
            permissions: .ownerReadWrite)
        try file.closeAfter {
            for _ in 0..<5 {
                try file.writeAll("more".utf8)
                try harness.pass(.milliseconds(1900))
            }
            #expect(harness.model.paths.isEmpty)
            try harness.settle()
            #expect(harness.model.settledStatuses(of: "a.jpg").map(\.size) == [20])
            try file.writeAll("end".utf8)
        }
        // The kernel speaks of the close when the last holder has closed it, and a program that
        // another test starts at this moment holds it too, until it has become itself.
        try await eventually("the rest of the file is reported") {
            try harness.settle()
            return harness.model.settledStatuses(of: "a.jpg").map(\.size) == [20, 23]
        }
    }

    @Test func fileThatGoesBeforeItSettlesIsNeverReported() throws {
        let harness = try EngineHarness()
        try harness.watch()
        try harness.run("echo 1 > a.jpg")
        try harness.pass(.seconds(1))
        try harness.run("rm a.jpg")
        try harness.settle()
        #expect(harness.model.settledStatuses(of: "a.jpg").isEmpty)
    }

    @Test func changedMetadataReportsTheFileAgain() throws {
        let harness = try EngineHarness()
        try harness.run("echo 1 > a.jpg")
        try harness.watch()
        try harness.settle()
        harness.forgetEvents()
        try harness.run("chmod 600 a.jpg")
        try harness.settle()
        #expect(harness.model.settledStatuses(of: "a.jpg").count == 1)
    }

    /// The kernel told of the change under the lost name alone.
    @Test(arguments: [
        "rm b.jpg", "mv b.jpg d/c.txt", "echo 2 > c.jpg; mv c.jpg b.jpg", "rm -r d; rm b.jpg",
        "mv d/e.jpg d/e.txt",
    ])
    func nameLostBeforeItStoodStillIsReported(_ script: String) throws {
        let harness = try EngineHarness()
        try harness.run("mkdir d; echo 1 > a.jpg; ln a.jpg b.jpg; ln a.jpg d/e.jpg")
        try harness.watch()
        try harness.settle()
        let inode = try #require(harness.model.files["a.jpg"]).inode
        #expect(harness.model.lostNames.isEmpty)
        try harness.run("echo more >> b.jpg; echo more >> d/e.jpg")
        try harness.pass(.seconds(1))
        try harness.run(script)
        try harness.settle()
        #expect(Set(harness.model.lostNames) == [inode])
    }

    @Test func folderLostWithWhatHadNotStoodStillIsReported() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p away root/d; echo 1 > root/a.jpg; ln root/a.jpg root/d/b.jpg")
        try harness.watch(["root"])
        try harness.settle()
        let inode = try #require(harness.model.files["a.jpg"]).inode
        try harness.run("echo more >> root/d/b.jpg")
        try harness.pass(.seconds(1))
        try harness.run("mv root/d away")
        try harness.settle()
        #expect(harness.model.lostNames == [inode])
    }

    @Test func nameLostAfterItStoodStillIsNoNews() throws {
        let harness = try EngineHarness()
        try harness.run("echo 1 > a.jpg; ln a.jpg b.jpg")
        try harness.watch()
        try harness.settle()
        try harness.run("rm b.jpg; mv a.jpg c.jpg")
        try harness.settle()
        #expect(harness.model.lostNames.isEmpty)
    }

    @Test func oldFilesAreSettledAtOnceInAScan() throws {
        let harness = try EngineHarness()
        try harness.run("echo 1 > a.jpg")
        harness.stepWallClock(by: .seconds(60))
        try harness.watch()
        #expect(harness.model.paths == ["a.jpg"])
        #expect(harness.model.settledStatuses(of: "a.jpg").isEmpty)
    }

    @Test func filesFromTheFutureAreObserved() throws {
        let harness = try EngineHarness()
        try harness.run("echo 1 > a.jpg")
        harness.stepWallClock(by: .seconds(-86_400))
        try harness.watch()
        #expect(harness.model.paths.isEmpty)
        try harness.settle()
        #expect(harness.model.paths == ["a.jpg"])
    }

    @Test func stepOfTheClockDoesNotMakeANewFileOld() throws {
        let harness = try EngineHarness()
        try harness.watch()
        harness.stepWallClock(by: .seconds(3600))
        try harness.run("mkdir d; echo 1 > d/a.jpg")
        try harness.rest()
        #expect(harness.model.paths.isEmpty)
        try harness.settle()
        #expect(harness.model.paths == ["d/a.jpg"])
    }

    @Test func foreignClocksAreTrustedOnlyWithOldFiles() {
        let clock = WatchClock(monotonic: { 0 }, wall: { 1_000_000_000_000_000_000 })
        var judge = AgeJudge(clock: clock, settleTime: 2_000_000_000)
        var status = FileStatus(
            kind: .file, device: 1, inode: 1, size: 1, modified: 0,
            changed: 1_000_000_000_000_000_000 - 3_600_000_000_000)
        let isOldHere = judge.hasStoodStill(status, foreignClock: false)
        let isOldThere = judge.hasStoodStill(status, foreignClock: true)
        status.changed -= 86_400_000_000_000
        let isOldThereAfterADay = judge.hasStoodStill(status, foreignClock: true)
        status.changed = .min
        let isOldWithoutATime = judge.hasStoodStill(status, foreignClock: false)
        #expect(isOldHere)
        #expect(!isOldThere)
        #expect(isOldThereAfterADay)
        #expect(!isOldWithoutATime)
    }
}
