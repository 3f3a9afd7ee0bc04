import Foundation
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Catalogue

/// The journal gives people's words back to a catalogue that was lost or restored.
@Suite struct EditJournalTests {
    private let fixture: CatalogueFixture
    private let anna = EditAuthor(.page, name: "anna")

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1, caption: "a violin", tags: ["violin"])
    }

    private var journal: EditJournal { EditJournal(of: fixture.path) }

    private func number() throws -> Int64 {
        try #require(try fixture.show("a.jpg")?.asset?.id)
    }

    private func edit(_ caption: String) throws {
        try fixture.catalogue.edit(
            [number()], TextEdit(caption: .say(caption), taken: ["violin"]), by: anna)
    }

    private func copy(to name: String) throws -> FilePath {
        let copy = fixture.directory.path.appending(name)
        try fixture.catalogue.copy(to: copy)
        return copy
    }

    private func putBack(_ copy: FilePath) throws -> Catalogue {
        fixture.catalogue.close()
        for suffix in ["", "-wal", "-shm"] { unlink(fixture.path.string + suffix) }
        rename(copy.string, fixture.path.string)
        return try Catalogue(at: fixture.path, access: .owner)
    }

    @Test func aRestoredCatalogueGetsLaterEditsBack() throws {
        try edit("one")
        let copy = try copy(to: "copy")
        try edit("two")
        try fixture.catalogue.undoLastEdit(of: number(), by: anna)
        try edit("three")
        let restored = try putBack(copy)
        #expect(restored.restoredEdits == 3)
        let asset = try #require(try restored.show("/photos/a.jpg")?.asset)
        #expect(asset.caption == "three" && asset.tags.isEmpty)
        #expect(try restored.edits(of: asset.id).map(\.isUndone) == [false, true, false, false])
        try restored.expectInvariants()
    }

    @Test func aNewCatalogueGetsAllOfThemBeforeItHasSeenThePicture() throws {
        try edit("one")
        fixture.catalogue.close()
        for suffix in ["", "-wal", "-shm"] { unlink(fixture.path.string + suffix) }
        let anew = try Catalogue(at: fixture.path, access: .owner)
        #expect(anew.restoredEdits == 1)
        let texts = try anew.read { try $0.descriptions(of: 1).map(\.text) }
        #expect(texts == ["one"])
        anew.close()
        #expect(try Catalogue(at: fixture.path, access: .owner).restoredEdits == 0)
    }

    @Test func aLineThatWasCutShortGoesAndTheNextEditIsWhole() throws {
        try edit("one")
        let file = try FileDescriptor.open(journal.path, .writeOnly, options: .append)
        try file.writeAll(#"{"edit":"half"#.utf8)
        try file.close()
        try edit("two")
        let lines = try String(contentsOfFile: journal.path.string, encoding: .utf8)
            .split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasSuffix("}") })
        #expect(lines.last?.contains(#""to":"two""#) == true)
    }

    @Test(arguments: [
        "not JSON", #"{"edit":"x"}"#,
        #"{"asset":{"format":"jpeg","height":1,"identity":"zz","kind":"still","width":1},"at":1,"author":"a","change":{"caption":{"to":"bad"}},"edit":"u","origin":"page"}"#,
        #"{"asset":{"format":"jpeg","height":1,"identity":"0101","kind":"sculpture","width":1},"at":1,"author":"a","change":{"caption":{"to":"bad"}},"edit":"u","origin":"page"}"#,
        "\0\0\0",
    ])
    func linesOfNobodyArePassedOver(line: String) throws {
        try edit("one")
        let file = try FileDescriptor.open(journal.path, .writeOnly, options: .append)
        try file.writeAll((line + "\n").utf8)
        try file.close()
        try edit("two")
        #expect(try fixture.show("a.jpg")?.asset?.caption == "two")
        fixture.catalogue.close()
        let again = try Catalogue(at: fixture.path, access: .owner)
        #expect(again.restoredEdits == 0)
        #expect(try again.edits(of: number(in: again)).count == 2)
    }

    /// What nobody here has written may be of any length, and what stands behind it counts all the same.
    @Test func editsBehindALineWithoutBoundsAreKept() throws {
        try edit("one")
        let copy = try copy(to: "copy")
        let junk = try FileDescriptor.open(journal.path, .writeOnly, options: .append)
        try junk.writeAll([UInt8](repeating: 0x61, count: 40 << 20) + [0x0A])
        try junk.close()
        try edit("two")
        let restored = try putBack(copy)
        #expect(restored.restoredEdits == 1)
        #expect(try restored.show("/photos/a.jpg")?.asset?.caption == "two")
        try restored.edit([number(in: restored)], TextEdit(caption: .say("three")), by: anna)
        let size = try #require(
            FileManager.default.attributesOfItem(atPath: journal.path.string)[.size] as? Int)
        #expect(size > 40 << 20, "nothing of the journal was cut off")
    }

    private func number(in catalogue: Catalogue) throws -> Int64 {
        try #require(try catalogue.show("/photos/a.jpg")?.asset?.id)
    }

    @Test func aLinkInTheJournalsPlaceIsNotFollowed() throws {
        let target = fixture.directory.path.appending("target")
        symlink(target.string, journal.path.string)
        #expect(throws: (any Error).self) { try edit("one") }
        #expect(try fixture.show("a.jpg")?.asset?.caption == "a violin")
        #expect(access(target.string, F_OK) != 0)
    }

    @Test func isForItsOwnersEyesOnly() throws {
        try edit("one")
        var status = stat()
        #expect(stat(journal.path.string, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }
}
