import Catalogue
import FileSystem
import Foundation
import Glibc
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

@testable import Sidecars

/// Sidecars in a folder of their own.
@Suite struct SidecarFolderTests {
    private func library(_ names: String...) throws -> SidecarLibrary {
        var library = try SidecarLibrary()
        try library.keepApart()
        for name in names { try library.add(name) }
        return library
    }

    private func apart(_ library: SidecarLibrary) throws -> [String] {
        let folder = try #require(library.apart?.path)
        let found = FileManager.default.enumerator(atPath: folder.string)
        return found?.compactMap { $0 as? String }.filter { $0.contains(".") }.sorted() ?? []
    }

    private func place(_ library: SidecarLibrary, _ name: String) -> String {
        library.folder.removingRoot().pushing(FilePath(name)).string
    }

    @Test func theFolderMirrorsTheTree() throws {
        let library = try library("a.jpg", "b.jpg", "c.jpg")
        let results = try library.syncTogether()
        #expect(results.allSatisfy { $0?.outcome == .written(isNew: true) })
        #expect(
            try apart(library)
                == ["a.jpg.xmp", "b.jpg.xmp", "c.jpg.xmp"].map { place(library, $0) })
        #expect(try library.names == ["a.jpg", "b.jpg", "c.jpg"], "nothing beside the pictures")
        let sidecar = try #require(library.mirror?.appending("a.jpg.xmp"))
        #expect(results[0]?.sidecar == sidecar)
        #expect(try library.decoder.sidecar(sidecar).texts.caption == "a boat")
        #expect(try library.sync().allSatisfy { $0.outcome == .upToDate })
    }

    @Test func oneByOneItIsTheSame() throws {
        let library = try library("a.jpg")
        #expect(try library.sync().first?.outcome == .written(isNew: true))
        #expect(try apart(library) == [place(library, "a.jpg.xmp")])
        #expect(try library.sync().first?.outcome == .upToDate)
    }

    @Test func aDryRunMakesNoFolder() throws {
        let library = try library("a.jpg")
        #expect(try library.sync(isDryRun: true).first?.outcome == .written(isNew: true))
        let folder = try #require(library.apart?.path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string).isEmpty)
    }

    @Test(arguments: [(0o710, 0o710), (0o1777, 0o775)])
    func itsFoldersMayBeReadByWhoeverMayReadThePictures(
        pictures: mode_t, expected: mode_t
    ) throws {
        let library = try library("a.jpg")
        chmod(library.folder.string, pictures)
        try library.sync()
        var status = stat()
        lstat(try #require(library.mirror).string, &status)
        #expect(status.st_mode & 0o7777 == expected)
    }

    @Test func whatOtherProgramsWriteThereIsRead() throws {
        let library = try library("a.jpg")
        try library.sync()
        try library.readApart("a.jpg.xmp")
        #expect(try library.caption("a.jpg").source == .model, "it is no word of its own")
        let sidecar = try #require(library.mirror?.appending("a.jpg.xmp"))
        let made = try library.decoder.edited(
            SidecarEdit(caption: .init("Anna's boat")), of: sidecar)
        try Data(made).write(to: URL(filePath: sidecar.string))
        try library.readApart("a.jpg.xmp")
        let caption = try library.caption("a.jpg")
        #expect(caption.text == "Anna's boat" && caption.source == .sidecar)
        #expect(try library.sync().first?.outcome == .upToDate)
        #expect(try library.decoder.sidecar(sidecar).texts.caption == "Anna's boat")
    }

    @Test func oneBesideThePictureIsReadFirstAndNotWritten() throws {
        let library = try library("a.jpg")
        let beside = try library.decoder.edited(
            SidecarEdit(caption: .init("from beside")), of: nil)
        try library.write(String(decoding: beside, as: UTF8.self), to: "a.jpg.xmp")
        try library.read("a.jpg.xmp")
        try library.sync()
        try library.readApart("a.jpg.xmp")
        #expect(try library.bytes("a.jpg.xmp") == beside)
        #expect(try library.caption("a.jpg").text == "from beside")
    }

    @Test(arguments: [false, true])
    func theSidecarFollowsAPictureThatIsMovedOrRenamed(isRenamed: Bool) throws {
        let library = try library("a.jpg")
        try library.sync()
        let former = try #require(library.mirror?.appending("a.jpg.xmp"))
        let made = try library.decoder.edited(
            SidecarEdit(caption: .init("Anna's boat")), of: former)
        try Data(made).write(to: URL(filePath: former.string))
        try library.readApart("a.jpg.xmp")
        let other = isRenamed ? "b.jpg" : "2024/a.jpg"
        try library.move("a.jpg", to: other)
        #expect(try library.caption(other).text == "Anna's boat", "before it has followed")
        try library.sync()
        #expect(try apart(library) == [place(library, "\(other).xmp")])
        let moved = try #require(library.mirror?.pushing(FilePath("\(other).xmp")))
        #expect(try library.decoder.sidecar(moved).texts.caption == "Anna's boat")
        try library.readApart("\(other).xmp")
        #expect(try library.caption(other).text == "Anna's boat")
        #expect(try library.sync().first?.outcome == .upToDate)
    }

    @Test func aLinkInTheFolderIsNotFollowed() throws {
        let library = try library("a.jpg")
        let folder = try #require(library.apart?.path)
        let elsewhere = library.directory.path.appending("elsewhere")
        try FileManager.default.createDirectory(
            atPath: elsewhere.string, withIntermediateDirectories: true)
        let first = try #require(library.folder.components.first)
        symlink(elsewhere.string, folder.appending(first).string)
        guard case .failed = try library.sync().first?.outcome else {
            Issue.record("followed")
            return
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.string).isEmpty)
    }

    @Test func aFolderThatIsGoneIsNotMadeAgain() throws {
        let library = try library("a.jpg")
        let folder = try #require(library.apart?.path)
        rmdir(folder.string)
        guard case .failed(let reason) = try library.sync().first?.outcome else {
            Issue.record("written")
            return
        }
        #expect(reason.hasPrefix("the folder apart cannot be used"), "\(reason)")
        #expect(!FileManager.default.fileExists(atPath: folder.string))
    }

    @Test func whatWasWrittenBesidePicturesIsWrittenApartOnceTheSettingsSaySo() throws {
        var library = try SidecarLibrary()
        try library.add("a.jpg")
        try library.sync()
        try library.read("a.jpg.xmp")
        try library.keepApart()
        #expect(try library.sync().first?.outcome == .written(isNew: true))
        try library.readApart("a.jpg.xmp")
        #expect(try apart(library) == [place(library, "a.jpg.xmp")])
        #expect(try library.caption("a.jpg").source == .model, "neither is a person's word")
        #expect(try library.sync().first?.outcome == .upToDate)
    }
}

/// Sidecars of pictures that are on a disk which cannot be written to.
@Suite(.enabled(if: MountNamespace.isAvailable, Comment(rawValue: MountNamespace.requirement)))
struct ReadOnlyLibraryTests {
    @Test func aLibraryThatCannotBeWrittenToHasItsSidecarsApart() async throws {
        try await MountNamespace.run {
            var library = try SidecarLibrary()
            try library.keepApart()
            try library.add("a.jpg", "b.jpg")
            let folder = library.folder.string
            #expect(mount(folder, folder, nil, UInt(MS_BIND), nil) == 0)
            #expect(
                mount(folder, folder, nil, UInt(MS_BIND | MS_REMOUNT | MS_RDONLY), nil) == 0)
            defer { _ = umount2(folder, Int32(MNT_DETACH)) }
            let results = try library.syncTogether()
            #expect(results.allSatisfy { $0?.outcome == .written(isNew: true) })
            let mirror = try #require(library.mirror)
            #expect(try library.decoder.sidecar(mirror.appending("b.jpg.xmp")).texts.caption != nil)
        }
    }
}
