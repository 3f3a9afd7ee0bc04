import FileSystem
import SystemPackage
import Testing

@testable import FolderWatching

/// Folders that go and come back: nothing of theirs is ever reported absent.
@Suite struct OfflineTests {
    /// Whether anything was reported gone or as an empty folder.
    private func saysAnythingIsGone(_ model: TreeModel) -> Bool {
        model.events.contains { event in
            switch event {
            case .absent: true
            case .listing(let listing): listing.files.isEmpty && listing.subdirectories.isEmpty
            default: false
            }
        }
    }

    @Test func missingRootIsOfflineUntilItAppears() throws {
        let harness = try EngineHarness()
        try harness.watch(["x/y/photos"])
        #expect(!harness.model.isOnline)
        #expect(harness.model.events.count == 1)
        try harness.run("mkdir -p x/y/photos; touch x/y/photos/1.jpg")
        // The directory above is watched: no timer is needed.
        try harness.rest()
        try harness.settle()
        #expect(harness.model.isOnline)
        #expect(harness.model.paths == ["1.jpg"])
        #expect(try harness.engine.nextDeadline == nil)
    }

    @Test func deletedRootKeepsItsFiles() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p photos/a; touch photos/1.jpg photos/a/2.jpg")
        try harness.watch(["photos"])
        try harness.settle()
        try harness.run("rm -r photos")
        harness.forgetEvents()
        try harness.settle()
        #expect(!harness.model.isOnline)
        #expect(!saysAnythingIsGone(harness.model))
        #expect(harness.model.paths == ["1.jpg", "a/2.jpg"])
        #expect(harness.events.watchCount == 1)
    }

    @Test func movedRootGoesOfflineAndComesBack() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p photos/a; touch photos/a/2.jpg")
        try harness.watch(["photos"])
        try harness.settle()
        try harness.run("mv photos elsewhere; touch elsewhere/a/3.jpg; rm elsewhere/a/2.jpg")
        try harness.settle()
        #expect(!harness.model.isOnline)
        #expect(harness.model.paths == ["a/2.jpg"])
        try harness.run("mv elsewhere photos")
        try harness.pass(.seconds(16))
        try harness.settle()
        #expect(harness.model.isOnline)
        #expect(harness.model.paths == ["a/3.jpg"])
    }

    @Test func movedAncestorTakesTheRootOffline() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p disk/photos/a; touch disk/photos/a/2.jpg")
        try harness.watch(["disk/photos"])
        try harness.settle()
        try harness.run("mv disk disk2; rm disk2/photos/a/2.jpg")
        try harness.settle()
        #expect(!harness.model.isOnline)
        #expect(harness.model.paths == ["a/2.jpg"])
    }

    @Test func unmountedRootIsOfflineThoughItsEmptyFolderStands() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p disk/photos; touch disk/photos/1.jpg")
        let disk = harness.path.appending("disk")
        harness.mounts.mount(disk)
        try harness.watch(["disk/photos"])
        try harness.settle()
        harness.mounts.unmount(disk)
        try harness.run("rm disk/photos/1.jpg")
        try harness.settle()
        #expect(!harness.model.isOnline)
        #expect(harness.model.paths == ["1.jpg"])
        #expect(try harness.engine.nextDeadline != nil)
        try harness.run("touch disk/photos/2.jpg")
        harness.mounts.mount(disk)
        try harness.settle()
        #expect(harness.model.isOnline)
        #expect(harness.model.paths == ["2.jpg"])
        #expect(try harness.engine.nextDeadline == nil)
    }

    @Test func rootThatWasAMountAtTheLastStartIsOfflineWithoutIt() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir photos")
        let photos = harness.path.appending("photos")
        try harness.watch(["photos"], expectedMounts: [photos])
        try harness.settle()
        #expect(!harness.model.isOnline)
        #expect(harness.model.events.count == 1)
        harness.mounts.mount(photos)
        try harness.settle()
        #expect(harness.model.isOnline)
    }

    @Test func missingMountInsideLeavesItsFilesAlone() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p usb/stick/x a; touch usb/stick/x/1.jpg a/2.jpg usb/3.jpg")
        let stick = harness.path.appending("usb/stick")
        harness.mounts.mount(stick)
        try harness.watch()
        try harness.settle()
        harness.mounts.unmount(stick)
        try harness.run("rm -r usb/stick/x; touch a/4.jpg")
        try harness.settle()
        #expect(harness.model.isOnline)
        #expect(harness.model.paths == ["usb/stick/x/1.jpg", "a/2.jpg", "a/4.jpg", "usb/3.jpg"])
        // The mount point itself goes too, with the folder above it.
        try harness.run("rm -r usb")
        try harness.settle()
        #expect(harness.model.paths == ["usb/stick/x/1.jpg", "a/2.jpg", "a/4.jpg"])
        try harness.engine.rescan()
        try harness.settle()
        #expect(harness.model.paths == ["usb/stick/x/1.jpg", "a/2.jpg", "a/4.jpg"])
        try harness.run("mkdir -p usb/stick; touch usb/stick/5.jpg")
        harness.mounts.mount(stick)
        try harness.settle()
        #expect(harness.model.paths == ["usb/stick/5.jpg", "a/2.jpg", "a/4.jpg"])
    }

    @Test func mountMissingSinceTheLastStartLeavesItsFilesAlone() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p usb/stick; touch usb/stick/underneath.jpg 1.jpg")
        let stick = harness.path.appending("usb/stick")
        try harness.watch(expectedMounts: [stick])
        try harness.settle()
        #expect(harness.model.paths == ["1.jpg"])
        let listing = DirectoryListing(
            directory: "usb", volume: Volume(key: "", point: ""), files: [],
            subdirectories: [FilePath.Component("stick")])
        #expect(harness.model.events.contains(.listing(listing)))
    }

    @Test func somethingMountedInsideShowsItsFilesInsteadOfThoseBelow() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir -p a; touch a/1.jpg")
        try harness.watch()
        try harness.settle()
        try harness.run("mv a b; mkdir a; touch a/2.jpg; rm -r b")
        harness.mounts.mount(harness.path.appending("a"))
        try harness.settle()
        #expect(harness.model.paths == ["a/2.jpg"])
    }

    @Test func linkToAFolderIsAGoodRoot() throws {
        let harness = try EngineHarness()
        try harness.run("mkdir real; touch real/1.jpg; ln -s real photos")
        try harness.watch(["photos"])
        try harness.settle()
        #expect(harness.model.paths == ["1.jpg"])
        try harness.run("mkdir other; touch other/2.jpg; ln -sfn other photos; touch real/3.jpg")
        try harness.engine.rescan()
        try harness.settle()
        #expect(harness.model.paths == ["2.jpg"])
    }

    @Test func rootThatIsAFileIsOffline() throws {
        let harness = try EngineHarness()
        try harness.run("touch photos")
        try harness.watch(["photos"])
        #expect(!harness.model.isOnline)
        #expect(harness.model.events.count == 1)
    }
}
