import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import FileSystem

@Suite struct FileLookupTests {
    private let folder: TemporaryDirectory
    private let root: FilePath

    init() throws {
        folder = try TemporaryDirectory()
        root = folder.path.appending("root")
        let commands = "mkdir -p root/a/b outside/f; touch root/a/b/1.jpg outside/f/2.jpg"
        let made = try shell(commands, in: folder.path)
        #expect(made.status == 0)
    }

    private func run(_ commands: String) throws {
        let result = try shell(commands, in: folder.path)
        #expect(result.status == 0, "\(result)")
    }

    private func look(_ path: FilePath, followsLinks: Bool = false) -> Look {
        FileLookup(roots: [root], followsLinks: followsLinks).look(at: path, below: root)
    }

    private func status(_ look: Look) -> FileStatus? {
        if case .present(let status, _) = look { status } else { nil }
    }

    private func volume(_ look: Look) -> Volume? {
        switch look {
        case .present(_, let volume), .absent(let volume): volume
        case .unknown: nil
        }
    }

    @Test func aFileIsPresentOnItsRootsVolume() throws {
        let found = look("a/b/1.jpg")
        #expect(status(found)?.kind == .file)
        #expect(volume(found) == volume(look("")))
        #expect(volume(found)?.point == "")
    }

    @Test(arguments: ["a/b/2.jpg", "a/c/d/1.jpg", "a/b/1.jpg/x.jpg"] as [FilePath])
    func whatIsNotThereIsAbsentFromTheVolume(path: FilePath) throws {
        #expect(look(path) == .absent(try #require(volume(look("")))))
    }

    @Test func nothingIsKnownBelowAMissingRoot() throws {
        try run("mv root gone")
        #expect(look("a/b/1.jpg") == .unknown(.noSuchFileOrDirectory))
    }

    @Test func pathsThatLeadUpwardsAreRefused() {
        #expect(look("a/../a/b/1.jpg") == .unknown(.invalidArgument))
    }

    @Test func folderInTheWayThatIsALinkIsNotFollowed() throws {
        try run("ln -s b root/a/c")
        guard case .absent = look("a/c/1.jpg") else {
            Issue.record("a link to a folder was followed")
            return
        }
    }

    @Test func linkToAFileOfTheRootIsThatFile() throws {
        try run("ln -s a/b/1.jpg root/l.jpg; ln -s l.jpg root/m.jpg")
        #expect(status(look("l.jpg")) == status(look("a/b/1.jpg")))
        #expect(look("m.jpg") == look("a/b/1.jpg"))
    }

    @Test func linksThatLeadOutsideAreFollowedOnlyIfWished() throws {
        try run("ln -s ../outside/f/2.jpg root/l.jpg; ln -s ../outside/f root/f")
        #expect(status(look("l.jpg"))?.kind == .symbolicLink)
        #expect(status(look("f/2.jpg")) == nil)
        #expect(status(look("l.jpg", followsLinks: true))?.kind == .file)
        let inside = look("f/2.jpg", followsLinks: true)
        #expect(status(inside)?.kind == .file)
        #expect(volume(inside)?.point == "f")
    }

    @Test func filesAreOpenedByTheRuleForLinks() throws {
        try run("ln -s a/b/1.jpg root/l.jpg; ln -s ../outside/f/2.jpg root/o.jpg")
        let lookup = FileLookup(roots: [root])
        let file = lookup.opening(of: "a/b/1.jpg", below: root)
        #expect(file.path == root.appending("a/b/1.jpg") && file.folder == root)
        let inside = lookup.opening(of: "l.jpg", below: root)
        let location = try OpenDirectory(at: root).location()
        #expect(inside.path == location.appending("a/b/1.jpg") && inside.folder == location)
        let outside = lookup.opening(of: "o.jpg", below: root)
        #expect(outside.path == root.appending("o.jpg") && outside.folder == root)
        let followed = FileLookup(roots: [root], followsLinks: true).opening(
            of: "o.jpg", below: root)
        #expect(followed.path == root.appending("o.jpg") && followed.folder == nil)
    }

    @Test func brokenAndCircularLinksAreNoFiles() throws {
        try run("ln -s none.jpg root/l.jpg; ln -s o.jpg root/n.jpg; ln -s n.jpg root/o.jpg")
        for path in ["l.jpg", "o.jpg"] as [FilePath] {
            #expect(status(look(path, followsLinks: true))?.kind == .symbolicLink)
        }
    }

    @Test func anotherFolderAtTheRootsPlaceIsAnotherVolume() throws {
        let before = volume(look(""))
        try run("mv root real; ln -s real root")
        let through = volume(look(""))
        #expect(through != before)
        try run("rm root; mv real root")
        #expect(volume(look("")) == before)
    }
}
