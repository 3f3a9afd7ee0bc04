import FileSystem
import Foundation
import MediaDecoding
import SystemPackage
import Testing
import WorkQueue

@testable import Catalogue

/// Files of one press of the shutter: described once, found once.
@Suite struct CataloguePairsTests {
    private let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
    }

    private static let moment = CaptureFacts(takenAt: "2024-07-26T18:03:11")

    private func facts(_ name: String, _ content: UInt8, id: String?) -> AssetFacts {
        let isClip = name.hasSuffix("mov")
        var facts = CatalogueFixture.facts(
            content, kind: isClip ? .video : .still, capture: Self.moment)
        facts.isRaw = name.hasSuffix("nef")
        facts.contentIdentifier = id
        facts.texts = EmbeddedTexts(keywords: ["of \(name)"])
        return facts
    }

    private func settle(_ name: String, version: Int64 = 1) throws {
        let inode = UInt64(name.utf8.reduce(0) { $0 &* 31 &+ Int($1) } & 0xffff)
        try fixture.observe(
            .settled(FilePath(name), CatalogueFixture.status(inode, version: version)))
    }

    /// Finds out what all queued files hold, and describes what is wanted.
    private func drain(
        id: String? = nil, failing: Set<String> = [], at time: Double = 100
    ) throws -> [String] {
        var described: [String] = []
        let now = CatalogueFixture.time(time)
        while let job = try fixture.nextJob(at: time) {
            let name = job.relativePath.string
            let content = UInt8(name.utf8.reduce(0) { $0 &* 31 &+ Int($1) } & 0x7f)
            if failing.contains(name) {
                try fixture.catalogue.fail(job, reason: "damaged", retryAfter: nil, at: now)
                continue
            }
            let answer = try fixture.catalogue.identified(
                job, as: facts(name, content, id: id), wanting: CatalogueFixture.recipe, at: now)
            guard case .needsDescription(let work) = answer else { continue }
            described.append(name)
            _ = try fixture.catalogue.complete(
                work, with: CatalogueFixture.result(caption: "seen in \(name)"), at: now)
        }
        while let work = try fixture.nextWork(at: time) {
            let source = try #require(try fixture.catalogue.file(for: work))
            described.append(source.relativePath.string)
            _ = try fixture.catalogue.complete(
                work, with: CatalogueFixture.result(caption: "seen late"), at: now)
        }
        try fixture.catalogue.expectInvariants()
        return described
    }

    private func hits(_ text: String = "") throws -> [[String]] {
        try fixture.catalogue.search(SearchQuery(text)).map { hit in
            hit.files.map(\.relativePath.string)
        }
    }

    @Test(arguments: [["a.jpg", "a.nef"], ["a.nef", "a.jpg"]])
    func aRawAndItsPictureAreDescribedOnce(names: [String]) throws {
        for name in names { try settle(name) }
        #expect(try drain() == ["a.jpg"])
        #expect(try hits() == [["a.jpg", "a.nef"]])
        let raw = try #require(try fixture.show("a.nef"))
        #expect(raw.job.state == .done)
        #expect(raw.partners.map(\.relativePath.string) == ["a.jpg"])
        #expect(raw.asset?.caption == "seen in a.jpg")
        #expect(raw.asset?.tags == ["of a.jpg", "of a.nef", "boat"])
        #expect(try fixture.show("a.jpg")?.partners.map(\.relativePath.string) == ["a.nef"])
        #expect(try fixture.catalogue.tags().map(\.count) == [1, 1, 1])
        #expect(try hits("nef").first?.first == "a.nef", "by its name the raw comes first")
    }

    @Test(arguments: [["a.jpg", "b.mov"], ["b.mov", "a.jpg"]])
    func aStillAndItsClipAreOnePicture(names: [String]) throws {
        for name in names {
            try settle(name)
            _ = try drain(id: "X")
        }
        #expect(try hits() == [["a.jpg", "b.mov"]])
        #expect(try fixture.show("b.mov")?.asset?.caption == "seen in a.jpg")
    }

    @Test func theOtherHalfIsDescribedOnItsOwnWhenOneGoes() throws {
        for name in ["a.jpg", "a.mov"] { try settle(name) }
        #expect(try drain() == ["a.jpg"])
        try fixture.observe(.absent("a.jpg"), at: 110)
        #expect(try drain(at: 120) == [], "it may only have moved")
        _ = try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(200))
        #expect(try drain(at: 210) == ["a.mov"])
        #expect(try hits() == [["a.mov"]])
        #expect(try fixture.show("a.mov")?.partners == [])
        _ = try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(215))
        try settle("a.jpg", version: 2)
        #expect(try drain(at: 220) == ["a.jpg"], "and is one picture again when it comes back")
        #expect(try hits() == [["a.jpg", "a.mov"]])
    }

    @Test func aStillIsKeptWhenItsClipGoes() throws {
        for name in ["a.jpg", "a.mov"] { try settle(name) }
        _ = try drain()
        try fixture.observe(.absent("a.mov"), at: 110)
        _ = try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(200))
        #expect(try drain(at: 210) == [])
        #expect(try hits() == [["a.jpg"]])
        #expect(try fixture.show("a.jpg")?.asset?.tags == ["of a.jpg", "boat"])
    }

    @Test func aBrokenClipDoesNotLoseTheStillNorABrokenStillTheClip() throws {
        for name in ["a.jpg", "a.mov", "b.jpg", "b.mov"] { try settle(name) }
        #expect(Set(try drain(failing: ["a.mov", "b.jpg"])) == ["a.jpg", "b.mov"])
        #expect(Set(try hits()) == [["a.jpg"], ["b.mov"]])
    }

    @Test func aClipIsDescribedWhenItsStillCannotBe() throws {
        for name in ["a.jpg", "a.mov"] { try settle(name) }
        let now = CatalogueFixture.time(1)
        var stillWork: WorkLease?
        while let job = try fixture.nextJob(at: 1) {
            let name = job.relativePath.string
            let answer = try fixture.catalogue.identified(
                job, as: facts(name, name == "a.jpg" ? 1 : 2, id: nil),
                wanting: CatalogueFixture.recipe, at: now)
            if case .needsDescription(let work) = answer { stillWork = work }
        }
        let work = try #require(stillWork)
        #expect(try fixture.show("a.mov")?.job.state == .done)
        _ = try fixture.catalogue.fail(
            work, WorkFailure(reason: "damaged", retryAfter: nil), at: now)
        #expect(try fixture.show("a.jpg")?.job.state == .failed)
        #expect(try fixture.show("a.mov")?.job.state == .queued)
        try fixture.catalogue.expectInvariants()
        #expect(try fixture.catalogue.retry(.all, at: now) == 1)
    }

    @Test func namesakesInOtherFoldersAreStrangers() throws {
        for name in ["x/a.jpg", "y/a.mov", "y/a.nef"] { try settle(name) }
        #expect(Set(try drain(id: "X")) == ["x/a.jpg", "y/a.nef"])
        #expect(Set(try hits()) == [["x/a.jpg"], ["y/a.nef", "y/a.mov"]])
    }

    @Test func threeFilesOfOnePressAreOnePicture() throws {
        for name in ["a.mov", "a.nef"] { try settle(name) }
        #expect(try drain(id: "X") == ["a.nef"])
        try settle("a.jpg")
        #expect(try drain(id: "X") == ["a.jpg"])
        #expect(
            try hits() == [["a.jpg", "a.mov", "a.nef"]] || hits() == [["a.jpg", "a.nef", "a.mov"]])
        try fixture.observe(.absent("a.jpg"), at: 110)
        _ = try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(200))
        #expect(try drain(id: "X", at: 210) == [])
        #expect(try hits() == [["a.nef", "a.mov"]])
    }

    @Test func aSidecarOfTheRawSpeaksForThePicture() throws {
        for name in ["a.jpg", "a.nef"] { try settle(name) }
        _ = try drain()
        try settle("a.xmp")
        try fixture.readNext(
            SidecarFacts(texts: EmbeddedTexts(caption: "ours", rating: 5), fileExtension: "nef"))
        #expect(try fixture.show("a.jpg")?.asset?.caption == "ours")
        #expect(try fixture.show("a.nef")?.asset?.rating == 5)
        #expect(try hits("ours") == [["a.jpg", "a.nef"]])
    }
}
