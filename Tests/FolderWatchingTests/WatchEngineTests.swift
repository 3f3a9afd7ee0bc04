import FileSystem
import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

@Suite struct WatchEngineTests {
    /// However the tree changes, and whatever messages are lost on the way, at rest the events amount
    /// to what stands on disk.
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func randomChangesEndWithTheTree(seed: UInt64) throws {
        let harness = try EngineHarness()
        try harness.run("mkdir r s")
        var tree = RandomTree(root: harness.path, generator: SeededGenerator(seed: seed))
        for _ in 0..<100 { tree.step() }
        try harness.watch(["r", "s"]) { $0.maximumBatch = 7 }
        for round in 0..<10 {
            let losesEvents = round % 3 == 2
            for step in 0..<100 {
                tree.step()
                if losesEvents, step == 30 { harness.events.loseEvents(true) }
                if losesEvents, step == 60 { harness.events.loseEvents(false) }
                switch Int.random(in: 0..<12, using: &tree.generator) {
                case 0...2: try harness.turn()
                case 3: try harness.rest()
                case 4: try harness.pass(.seconds(1))
                default: break
                }
            }
            try harness.settle()
            for root in 0...1 {
                let model = harness.model(root)
                #expect(model.paths == (try harness.tree(root)))
                let top = harness.path.appending(root == 0 ? "r" : "s")
                for (path, status) in model.files {
                    let now = try FileStatus(at: top.appending(path.components))
                    #expect(status.size == now.size && status.inode == now.inode)
                }
            }
            try #require(harness.engine.nextDeadline == nil)
        }
    }

    @Test func everyDirectoryHasOneWatchAndIgnoredOnesHaveNone() throws {
        let harness = try EngineHarness()
        try harness.run(
            """
            mkdir -p a/b .hidden/x @eaDir/y skipped/z quiet/w; touch quiet/.nomedia
            echo skipped > .vignetteignore
            """)
        try harness.watch()
        // The root, a, a/b, and quiet, where the going of .nomedia has to be noticed.
        #expect(harness.events.watchCount == 4)
        try harness.run("mkdir a/c .hidden/v skipped/u quiet/t; rm -r a/b")
        try harness.rest()
        #expect(harness.events.watchCount == 4)
        try harness.run("mv a ../away-$(basename \"$PWD\"); rm -r ../away-$(basename \"$PWD\")")
        try harness.rest()
        #expect(harness.events.watchCount == 2)
    }

    @Test func nothingIsArmedAtRest() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir a; touch a/1.jpg")
        try harness.watch()
        try harness.settle()
        #expect(try harness.engine.nextDeadline == nil)
        #expect(try !harness.engine.hasWork)
        try harness.run("touch a/2.jpg")
        try harness.rest()
        #expect(try harness.engine.nextDeadline != nil)
        try harness.settle()
        #expect(try harness.engine.nextDeadline == nil)
    }

    @Test func overflowLeadsToOneMorePass() throws {
        let harness = try EngineHarness()
        try harness.run("touch 1.jpg")
        try harness.watch()
        try harness.settle()
        harness.events.loseEvents(true)
        try harness.run("rm 1.jpg; mkdir -p a/b; touch a/b/2.jpg")
        try harness.rest()
        #expect(harness.model.paths == ["1.jpg"])
        let before = harness.model.finishedScans
        harness.events.loseEvents(false)
        for _ in 0..<5 { harness.events.inject(FileEvent(watch: -1, flags: .overflow)) }
        try harness.settle()
        #expect(harness.model.paths == ["a/b/2.jpg"])
        #expect(harness.model.finishedScans == before + 1)
        try harness.run("touch a/b/3.jpg")
        try harness.settle()
        #expect(harness.model.paths == ["a/b/2.jpg", "a/b/3.jpg"])
    }

    @Test func unknownWatchLeadsToAPass() throws {
        let harness = try EngineHarness()
        try harness.watch()
        let before = harness.model.finishedScans
        harness.events.inject(
            FileEvent(watch: 1_000_000, flags: .changed, name: FilePath.Component("1.jpg")))
        try harness.rest()
        #expect(harness.model.finishedScans == before + 1)
    }

    @Test func lateMessagesOfEndedWatchesAreNoReasonForAPass() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p a/b/c")
        try harness.watch()
        let before = harness.model.finishedScans
        try harness.run("touch a/b/c/1.jpg; mv a .a; touch .a/b/c/2.jpg; rm -r .a")
        try harness.settle()
        #expect(harness.model.finishedScans == before)
        #expect(harness.model.paths.isEmpty)
    }

    @Test func interruptionIsNoFailure() throws {
        let harness = try EngineHarness()
        try harness.watch()
        try harness.run("touch 1.jpg")
        harness.events.failOnce(.interrupted)
        try harness.turn()
        try harness.settle()
        #expect(harness.model.paths == ["1.jpg"])
    }

    @Test func failingSourceEndsTheWatcher() throws {
        let harness = try EngineHarness()
        try harness.watch()
        harness.events.failOnce(.ioError)
        #expect(throws: Errno.ioError) { try harness.turn() }
    }

    @Test func foldersBeyondTheWatchLimitArePolled() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p a/b c/d e; touch a/b/1.jpg c/d/2.jpg")
        harness.events.limitWatches(to: 2)
        try harness.watch()
        try harness.settle()
        #expect(harness.model.paths == ["a/b/1.jpg", "c/d/2.jpg"])
        #expect(harness.model.notices.count == 1)
        let notice = try #require(harness.model.notices.first)
        #expect(notice.contains("fs.inotify.max_user_watches"))
        #expect(notice.contains("/etc/sysctl.d"))
        harness.forgetEvents()
        try harness.run("touch a/b/3.jpg c/d/4.jpg e/5.jpg; rm a/b/1.jpg")
        try harness.pass(.seconds(61))
        try harness.settle()
        #expect(harness.model.paths == ["a/b/3.jpg", "c/d/2.jpg", "c/d/4.jpg", "e/5.jpg"])
        #expect(harness.model.notices.isEmpty)
    }

    @Test func raisedWatchLimitEndsThePolling() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p a/b c")
        harness.events.limitWatches(to: 1)
        try harness.watch()
        #expect(try harness.engine.nextDeadline != nil)
        harness.events.limitWatches(to: 100)
        try harness.pass(.seconds(61))
        try harness.pass(.seconds(61))
        #expect(harness.events.watchCount == 4)
        #expect(try harness.engine.nextDeadline == nil)
    }

    @Test func pollsThatFindNothingNewAreSilent() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir a; touch a/1.jpg")
        try harness.watch { $0.forcesPolling = true }
        try harness.settle()
        harness.forgetEvents()
        for _ in 0..<3 { try harness.pass(.seconds(61)) }
        #expect(harness.model.events.isEmpty)
    }

    @Test func namesThatAreNoTextGoThroughUnchanged() throws {
        let harness = try EngineHarness()
        let name = FilePath(bytes: [0xFF, 0xFE, 0x80] + Array(".jpg".utf8))
        try harness.watch()
        try harness.run(#"mkdir "$(printf 'd\200')"; touch "$(printf '\377\376\200.jpg')""#)
        try harness.run(#"touch "$(printf 'd\200/\377\376\200.jpg')""#)
        try harness.settle()
        let inside = FilePath(bytes: [0x64, 0x80]).appending(name.components)
        #expect(harness.model.paths == [name, inside])
    }

    @Test func directoriesBeyondTheDepthLimitAreLeftOutWithANotice() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p a/b/c/d; touch a/b/1.jpg a/b/c/2.jpg")
        try harness.watch { $0.maximumDepth = 2 }
        try harness.settle()
        #expect(harness.model.paths == ["a/b/1.jpg"])
        #expect(harness.model.notices.count == 1)
    }

    @Test func oversizedAndStrangeIgnoreFilesAreNotUsed() throws {
        let harness = try EngineHarness()
        try harness.run(
            """
            mkdir a b; touch a/1.jpg b/2.jpg; mkfifo b/.vignetteignore
            head -c 100000 /dev/zero | tr '\\0' '*' > a/.vignetteignore
            """)
        try harness.watch()
        try harness.settle()
        #expect(harness.model.paths == ["a/1.jpg", "b/2.jpg"])
        #expect(harness.model.notices.count == 2)
    }

    @Test func listingsFlowInBoundedBatches() throws {
        let harness = try EngineHarness()
        try harness.run("i=0; while [ $i -lt 3000 ]; do : > $i.jpg; i=$((i+1)); done")
        try harness.watch()
        try harness.settle()
        #expect(harness.model.paths.count == 3000)
        let listing = harness.model.events.compactMap { event in
            if case .listing(let listing) = event { listing } else { nil }
        }.first
        #expect(listing?.files.count == 3000)
    }
}
