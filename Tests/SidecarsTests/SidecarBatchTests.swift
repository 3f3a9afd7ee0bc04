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

@Suite struct SidecarBatchTests {
    @Test func sidecarsThatAreWrittenTogetherAreAsIfEachWereWrittenAlone() throws {
        let (together, alone) = (try SidecarLibrary(), try SidecarLibrary())
        for library in [together, alone] {
            try library.add("a.jpg", caption: "Ufer & <See>", tags: ["boat", "two words"])
            try library.add("b.jpg", "b.nef", "c.png")
            try library.say("Anna's boat", about: "b.jpg")
        }
        let results = try together.syncTogether(naming: .replace)
        #expect(results == (try alone.sync(naming: .replace)).map { at(together, $0) })
        #expect(try together.names == alone.names)
        for name in try together.names where name.hasSuffix("xmp") {
            var (first, second) = (try together.facts(name), try alone.facts(name))
            #expect(first.record?.edition != second.record?.edition)
            for path in [\SidecarRecord.edition, \.library] {
                first.record?[keyPath: path] = nil
                second.record?[keyPath: path] = nil
            }
            #expect(first == second)
        }
        #expect(try together.sync().allSatisfy { $0.outcome == .upToDate }, "and known")
    }

    private func at(_ library: SidecarLibrary, _ result: SidecarResult) -> SidecarResult {
        var result = result
        if let name = result.picture.lastComponent {
            result.picture = library.folder.appending(name)
        }
        if let name = result.sidecar?.lastComponent {
            result.sidecar = library.folder.appending(name)
        }
        return result
    }

    @Test func whatHasASidecarOrCannotBeWrittenIsWorkedOnByItself() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg", "b.jpg", "c.jpg", "d.jpg")
        try library.write("<x:xmpmeta", to: "a.jpg.xmp")
        symlink("elsewhere", library.folder.appending("b.jpg.xmp").string)
        let outcomes = try library.syncTogether().map { $0?.outcome }
        guard case .failed = outcomes[0], case .failed = outcomes[1] else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(outcomes[2...].allSatisfy { $0 == .written(isNew: true) })
        #expect(try library.catalogue.sidecarFailures().count == 2)
        #expect(try String(decoding: library.bytes("a.jpg.xmp"), as: UTF8.self) == "<x:xmpmeta")
        #expect(try !library.names.contains { $0.hasSuffix(".part") })
    }

    @Test func whoeverIsFirstKeepsHisSidecar() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg", "b.jpg")
        let folder = try SidecarFolder(of: "a.jpg", below: library.folder)
        let picture = try #require(try folder.status(of: "a.jpg"))
        let part = try folder.prepare("a.jpg.xmp", with: [1], for: picture)
        try library.write("theirs", to: "a.jpg.xmp")
        #expect(try !part.rename(to: "a.jpg.xmp", replacing: false))
        _ = part.remove(false)
        #expect(try String(decoding: library.bytes("a.jpg.xmp"), as: UTF8.self) == "theirs")
    }

    @Test func whatIsStoppedIsLeftOut() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg", "b.jpg", "c.jpg")
        #expect(try library.syncTogether(while: { false }).allSatisfy { $0 == nil })
        #expect(try library.names == ["a.jpg", "b.jpg", "c.jpg"])
    }

    @Test func aNewSidecarMayBeReadByWhoeverMayReadThePicture() throws {
        let library = try SidecarLibrary()
        try library.add("a.jpg", "b.jpg")
        chmod(library.folder.appending("a.jpg").string, 0o754)
        _ = try library.syncTogether()
        var status = stat()
        lstat(library.folder.appending("a.jpg.xmp").string, &status)
        #expect(status.st_mode & 0o7777 == 0o644, "read by whoever may read the picture")
    }
}
