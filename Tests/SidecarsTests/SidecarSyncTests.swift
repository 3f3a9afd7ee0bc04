import Catalogue
import FileSystem
import Foundation
import Glibc
import MediaDecoding
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Sidecars

@Suite struct SidecarSyncTests {
    private static func xmp(_ elements: String) -> String {
        """
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF \
        xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" \
        xmlns:dc="http://purl.org/dc/elements/1.1/" \
        xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:my="urn:my">\
        <my:own>kept</my:own>\(elements)</rdf:Description></rdf:RDF></x:xmpmeta>
        """
    }

    @Test func aSidecarIsMadeAndWrittenOnce() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg")
        #expect(try library.sync(isDryRun: true).map(\.outcome) == [.written(isNew: true)])
        #expect(try library.names == ["a.jpg"], "a dry run writes nothing")
        #expect(try library.sync().map(\.outcome) == [.written(isNew: true)])
        #expect(try library.names == ["a.jpg", "a.jpg.xmp"], "and nothing else is left")
        #expect(try library.facts("a.jpg.xmp").texts.caption == "a boat")
        let before = try FileStatus(at: library.folder.appending("a.jpg.xmp"))
        #expect(try library.sync().map(\.outcome) == [.upToDate])
        #expect(try FileStatus(at: library.folder.appending("a.jpg.xmp")) == before)
    }

    @Test func whatWasWrittenHereIsNotTheSidecarsWord() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg")
        try library.sync()
        try library.read("a.jpg.xmp")
        #expect(try library.caption("a.jpg").source == .model)
        try library.describe("a.jpg", caption: "two boats", tags: ["ship"], version: "2")
        #expect(try library.caption("a.jpg").text == "two boats", "the newer model counts")
        #expect(try library.sync().map(\.outcome) == [.written(isNew: false)])
        let facts = try library.facts("a.jpg.xmp")
        #expect(facts.texts.caption == "two boats" && facts.texts.keywords == ["ship"])
    }

    @Test func anEditElsewhereComesBackAndCounts() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg")
        try library.sync()
        try library.editElsewhere(
            SidecarEdit(
                caption: .init("Anna's boat"), addedTags: [["Anna"]], removedTags: [["boat"]]),
            "a.jpg.xmp")
        try library.read("a.jpg.xmp")
        #expect(try library.caption("a.jpg").text == "Anna's boat")
        #expect(try library.caption("a.jpg").source == .sidecar)
        let before = try library.bytes("a.jpg.xmp")
        #expect(try library.sync().allSatisfy { $0.outcome == .upToDate && $0.conflicts.isEmpty })
        #expect(try library.bytes("a.jpg.xmp") == before)
    }

    @Test func peopleWhoDisagreeAreListedUntilTheyAgree() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg")
        try library.sync()
        try library.say("Anna's boat", about: "a.jpg")
        try library.editElsewhere(SidecarEdit(caption: .init("Berta's boat")), "a.jpg.xmp")
        let conflict = SidecarConflict(
            field: "caption", here: "Anna's boat", there: "Berta's boat")
        for _ in 0..<2 { #expect(try library.sync().map(\.conflicts) == [[conflict]]) }
        #expect(try library.facts("a.jpg.xmp").texts.caption == "Berta's boat")
        #expect(try library.catalogue.sidecarConflicts().map(\.conflict) == [conflict])
        #expect(try library.sync(prefersHere: true).map(\.outcome) == [.written(isNew: false)])
        #expect(try library.facts("a.jpg.xmp").texts.caption == "Anna's boat")
        #expect(try library.catalogue.sidecarConflicts().isEmpty)
    }

    @Test func aSidecarThatIsThereKeepsItsNameAndWhatItHolds() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg", "b.jpg")
        try library.write(Self.xmp(""), to: "a.XMP")
        try library.sync()
        #expect(try library.names == ["a.XMP", "a.jpg", "b.jpg", "b.jpg.xmp"])
        let text = String(decoding: try library.bytes("a.XMP"), as: UTF8.self)
        #expect(text.contains("<my:own>kept</my:own>") && text.contains("a boat"))
    }

    @Test func aSidecarOfTheStemNamesItsFileAndIsNeverSharedBetweenPictures() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg", "b.jpg", "b.nef")
        try library.write(Self.xmp(""), to: "b.xmp")
        try library.sync(naming: .replace)
        #expect(
            try library.names == [
                "a.jpg", "a.xmp", "b.jpg", "b.jpg.xmp", "b.nef", "b.nef.xmp", "b.xmp",
            ])
        #expect(try library.facts("a.xmp").fileExtension == "jpg")
        #expect(try String(decoding: library.bytes("b.xmp"), as: UTF8.self) == Self.xmp(""))
    }

    @Test func modeAndLinksAreKept() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg", "b.jpg")
        try library.write(Self.xmp(""), to: "a.jpg.xmp")
        try library.write(Self.xmp(""), to: "elsewhere")
        chmod(library.folder.appending("a.jpg.xmp").string, 0o640)
        symlink("elsewhere", library.folder.appending("b.jpg.xmp").string)
        let results = try library.sync()
        #expect(results.first?.outcome == .written(isNew: false))
        guard case .failed(let reason) = results.last?.outcome else {
            Issue.record("a link was followed")
            return
        }
        #expect(reason.contains("link"))
        var status = stat()
        lstat(library.folder.appending("a.jpg.xmp").string, &status)
        #expect(status.st_mode & 0o7777 == 0o640)
        #expect(try String(decoding: library.bytes("elsewhere"), as: UTF8.self) == Self.xmp(""))
    }

    @Test func aNewSidecarMayBeReadByWhoeverMayReadThePicture() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg")
        chmod(library.folder.appending("a.jpg").string, 0o754)
        try library.sync()
        var status = stat()
        lstat(library.folder.appending("a.jpg.xmp").string, &status)
        #expect(status.st_mode & 0o7777 == 0o644)
    }

    @Test func aNameThatIsNoTextGetsASidecar() throws {
        let library = try SidecarLibrary()
        let name = try #require(FilePath.Component(bytes: [0x61, 0xFF, 0x2E, 0x6A]))
        try library.add(name)
        #expect(try library.sync().map(\.outcome) == [.written(isNew: true)])
        let sidecar = try #require(FilePath.Component(bytes: name.bytes + Array(".xmp".utf8)))
        #expect(try library.decoder.sidecar(library.folder.appending(sidecar)).texts.caption != nil)
    }

    @Test func anOwnerIsKept() throws {
        guard geteuid() == 0 else { return }
        let library = try SidecarLibrary()
        try library.add("a.jpg")
        try library.write(Self.xmp(""), to: "a.jpg.xmp")
        chown(library.folder.appending("a.jpg.xmp").string, 1234, 2345)
        try library.sync()
        var status = stat()
        lstat(library.folder.appending("a.jpg.xmp").string, &status)
        #expect(status.st_uid == 1234 && status.st_gid == 2345)
    }

    @Test(arguments: [
        "<x:xmpmeta", "", "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>",
        "<a xmlns='urn:a'><b/></a>",
    ]) func whatIsNotUnderstoodIsNeverTouched(text: String) throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg")
        try library.write(text, to: "a.jpg.xmp")
        guard case .failed = try library.sync().first?.outcome else {
            Issue.record("it was written")
            return
        }
        #expect(try library.bytes("a.jpg.xmp") == Array(text.utf8))
        #expect(try library.catalogue.sidecarFailures().count == 1)
        #expect(try library.names == ["a.jpg", "a.jpg.xmp"])
        // It is tried again, and the failure forgotten.
        try library.write(Self.xmp(""), to: "a.jpg.xmp")
        #expect(try library.sync().map(\.outcome) == [.written(isNew: false)])
        #expect(try library.catalogue.sidecarFailures().isEmpty)
    }

    @Test func aFolderWithoutItsPictureGetsNoSidecar() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg")
        unlink(library.folder.appending("a.jpg").string)
        guard case .failed = try library.sync().first?.outcome else {
            Issue.record("a sidecar was made below an empty mount point")
            return
        }
        #expect(try library.names.isEmpty)
    }

    @Test func whatAKilledProcessLeftIsTakenUp() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg")
        try library.sync()
        // It was killed when the new sidecar had both names, and before it could note what it did.
        let folder = try SidecarFolder(of: "a.jpg", below: library.folder)
        let picture = try #require(try folder.status(of: "a.jpg"))
        var part: FilePath.Component?
        _ = try folder.replace("b.xmp", with: [1], insteadOf: nil, for: picture) { name in
            part = name
        }
        try library.describe("a.jpg", caption: "two boats", tags: [], version: "2")
        let name = try #require(part)
        link(
            library.folder.appending("b.xmp").string, library.folder.appending(name).string)
        #expect(try folder.replace("b.xmp", with: [2], insteadOf: [1], for: picture) { _ in })
        #expect(try library.bytes("b.xmp") == [2])
        #expect(try library.names == ["a.jpg", "a.jpg.xmp", "b.xmp"])
    }

    @Test func aSidecarThatChangesMeanwhileIsNotOverwritten() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg")
        try library.write("old", to: "a.xmp")
        let folder = try SidecarFolder(of: "a.jpg", below: library.folder)
        let picture = try #require(try folder.status(of: "a.jpg"))
        #expect(
            try !folder.replace("a.xmp", with: [1], insteadOf: Array("old".utf8), for: picture) {
                _ in
                try? library.write("new", to: "a.xmp")
            })
        #expect(try !folder.replace("a.xmp", with: [1], insteadOf: nil, for: picture) { _ in })
        #expect(
            try !folder.replace("b.xmp", with: [1], insteadOf: nil, for: picture) { _ in
                try? library.write("theirs", to: "b.xmp")
            })
        #expect(try library.bytes("a.xmp") == Array("new".utf8))
        #expect(try library.bytes("b.xmp") == Array("theirs".utf8))
        #expect(try library.names == ["a.jpg", "a.xmp", "b.xmp"])
    }

    @Test(.enabled("exiftool is installed") { Exiftool.isThere })
    func exiftoolsEditsComeBackAndOursAppearThere() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg")
        try library.sync()
        let path = library.folder.appending("a.jpg.xmp").string
        try Exiftool.run([
            "-overwrite_original", "-XMP-dc:Description=Anna's boat", "-XMP-dc:Subject+=Anna",
            "-XMP-dc:Subject-=boat", "-XMP-digiKam:TagsList-=boat",
            "-XMP-lr:HierarchicalSubject-=boat", path,
        ])
        try library.read("a.jpg.xmp")
        #expect(try library.caption("a.jpg").text == "Anna's boat")
        #expect(try library.caption("a.jpg").source == .sidecar)
        try library.describe("a.jpg", caption: "a ship", tags: ["ship", "boat"], version: "2")
        try library.sync()
        let said = try Exiftool.values(
            ["XMP-dc:Description", "XMP-dc:Subject", "XMP-digiKam:TagsList"], in: library.folder)
        let values = said["a.jpg.xmp"] ?? [:]
        #expect(values["Description"] == ["Anna's boat"])
        #expect(values["Subject"] == ["Anna", "ship"], "what was removed there stays removed")
        #expect(values["TagsList"]?.sorted() == ["Anna", "ship"])
    }
}
