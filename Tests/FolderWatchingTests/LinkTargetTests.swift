import FileSystem
import SystemPackage
import Testing

@testable import FolderWatching

/// A link is the file that it leads to, also when that changes.
@Suite struct LinkTargetTests {
    private let harness: EngineHarness

    init() throws {
        harness = try EngineHarness()
    }

    private func size(_ path: FilePath, in root: Int = 0) -> Int64? {
        harness.model(root).files[path]?.size
    }

    @Test func changesWithAWatchedFile() throws {
        try harness.run("mkdir d; echo 1 > d/a.jpg; ln -s d/a.jpg b.jpg")
        try harness.watch()
        try harness.settle()
        #expect(size("b.jpg") == 2)
        try harness.run("echo 345 > d/a.jpg")
        try harness.settle()
        #expect(size("b.jpg") == 4)
        #expect(size("d/a.jpg") == 4)
        #expect(try harness.engine.nextDeadline == nil)
    }

    @Test func goesAndComesWithAFileInAHiddenFolder() throws {
        try harness.run(
            "mkdir -p .git/annex/x; echo 1 > .git/annex/x/1.jpg; ln -s .git/annex/x/1.jpg 1.jpg")
        try harness.watch()
        try harness.settle()
        try harness.run("echo 345 > .git/annex/x/1.jpg")
        try harness.settle()
        #expect(size("1.jpg") == 4)
        try harness.run("mv .git/annex/x/1.jpg .git/1.jpg")
        try harness.settle()
        #expect(harness.model.paths == [])
        try harness.run("mv .git/1.jpg .git/annex/x/1.jpg")
        try harness.settle()
        #expect(harness.model.paths == ["1.jpg"])
        #expect(try harness.engine.nextDeadline == nil)
    }

    @Test func changesWithAFileOfAnotherRoot() throws {
        try harness.run("mkdir r s; echo 1 > r/a.jpg; ln -s ../r/a.jpg s/b.jpg")
        try harness.watch(["r", "s"])
        try harness.settle()
        try harness.run("echo 345 > r/new.jpg; mv r/new.jpg r/a.jpg")
        try harness.settle()
        #expect(size("b.jpg", in: 1) == 4)
    }

    /// Content of a git-annex library often comes long after its links.
    @Test func isFoundWhenWhatItLeadsToComes() throws {
        try harness.run("mkdir -p .git/objects; ln -s .git/objects/a/b/1.jpg 1.jpg")
        try harness.watch()
        try harness.settle()
        #expect(harness.model.paths == [])
        try harness.runStepwise(
            """
            mkdir .git/objects/a
            mkdir .git/objects/a/b
            echo 1 > .git/objects/a/b/1.jpg
            """)
        try harness.settle()
        #expect(harness.model.paths == ["1.jpg"])
        try harness.run("rm -r .git/objects/a; mkdir -p .git/objects/a/b")
        try harness.settle()
        #expect(harness.model.paths == [])
        try harness.run("echo 22 > .git/objects/a/b/1.jpg")
        try harness.settle()
        #expect(size("1.jpg") == 3)
        #expect(try harness.engine.nextDeadline == nil)
    }

    @Test func goesAndComesWithAFolderThatIsRenamed() throws {
        try harness.run("mkdir -p d/e; echo 1 > d/e/a.jpg; ln -s d/e/a.jpg b.jpg")
        try harness.watch()
        try harness.settle()
        try harness.run("mv d f")
        try harness.settle()
        #expect(harness.model.paths == ["f/e/a.jpg"])
        try harness.run("mv f d")
        try harness.settle()
        #expect(harness.model.paths == ["d/e/a.jpg", "b.jpg"])
    }

    @Test func changesWithAFileOutsideWhereLinksAreFollowed() throws {
        try harness.run("mkdir r out; echo 1 > out/a.jpg; ln -s ../out/a.jpg r/a.jpg")
        try harness.watch(["r"]) { $0.followsLinks = true }
        try harness.settle()
        #expect(size("a.jpg") == 2)
        try harness.run("echo 345 > out/a.jpg")
        try harness.settle()
        #expect(size("a.jpg") == 4)
        try harness.run("rm out/a.jpg")
        try harness.settle()
        #expect(harness.model.paths == [])
    }

    @Test func isPolledWhereItsFolderCannotBeWatched() throws {
        try harness.run("mkdir .h; echo 1 > .h/1.jpg; ln -s .h/1.jpg 1.jpg")
        harness.events.limitWatches(to: 1)
        try harness.watch { $0.pollInterval = .seconds(60) }
        try harness.settle()
        #expect(size("1.jpg") == 2)
        try harness.run("echo 345 > .h/1.jpg")
        try harness.pass(.seconds(61))
        try harness.settle()
        #expect(size("1.jpg") == 4)
    }

    @Test func endsItsWatchWithTheLink() throws {
        try harness.run("mkdir .h d; echo 1 > .h/1.jpg; ln -s ../.h/1.jpg d/1.jpg")
        try harness.watch()
        try harness.settle()
        #expect(harness.events.watchCount == 3)
        try harness.run("rm d/1.jpg")
        try harness.settle()
        #expect(harness.events.watchCount == 2)
        try harness.run("ln -s ../.h/1.jpg d/1.jpg")
        try harness.settle()
        #expect(harness.events.watchCount == 3)
        try harness.run("rm -r d")
        try harness.settle()
        try harness.engine.rescan()
        try harness.settle()
        #expect(harness.events.watchCount == 1)
    }

    @Test func asksForNothingOutsideWhereLinksAreNotFollowed() throws {
        try harness.run("mkdir r out; echo 1 > out/a.jpg; ln -s ../out/a.jpg r/a.jpg")
        try harness.watch(["r"])
        try harness.settle()
        #expect(harness.model.paths == [])
        #expect(harness.events.watchCount == 1)
        #expect(try harness.engine.nextDeadline == nil)
    }
}
