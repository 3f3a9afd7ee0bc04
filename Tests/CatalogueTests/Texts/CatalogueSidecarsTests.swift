import FileSystem
import Foundation
import MediaDecoding
import SystemPackage
import Testing
import WorkQueue

@testable import Catalogue

/// What people wrote, in files and in sidecars, and whose word counts.
@Suite struct CatalogueSidecarsTests {
    private let fixture: CatalogueFixture
    private let lake = SidecarFacts(
        texts: EmbeddedTexts(
            title: "Garda", caption: "Anna at the lake", keywords: ["Lake Garda", "anna"],
            keywordPaths: [["Places", "Italy", "Lake Garda"]], rating: 4))

    init() throws {
        fixture = try CatalogueFixture()
    }

    private func asset(_ path: String) throws -> AssetDetails {
        try #require(try fixture.show(path)?.asset)
    }

    private func settle(_ path: String, _ inode: UInt64, version: Int64 = 1) throws {
        try fixture.observe(
            .settled(FilePath(path), CatalogueFixture.status(inode, version: version)))
    }

    @Test func whatAFileHoldsCountsBeforeTheModelAndHidesNothing() throws {
        try fixture.observe("a.jpg")
        try fixture.describeNext(
            as: 1, caption: "a violin", tags: ["violin", "anna"], texts: lake.texts)
        let asset = try asset("a.jpg")
        #expect(asset.caption == "Anna at the lake")
        #expect(asset.captionSource == .sidecar)
        #expect(asset.rating == 4)
        #expect(asset.descriptions.map(\.source) == [.sidecar, .sidecar, .model])
        #expect(asset.tags == ["Lake Garda", "anna", "Places/Italy/Lake Garda", "violin"])
        #expect(
            asset.tagDetails.map(\.sources) == [
                [.sidecar], [.sidecar, .model], [.sidecar], [.model],
            ])
        for word in ["Anna", "Garda", "Italy", "violin", "\"Lake Garda\""] {
            #expect(try fixture.found(word) == ["a.jpg"], "\(word)")
        }
        let byTag = SearchQuery("", tags: ["lake garda"], minimumRating: 4)
        #expect(try fixture.catalogue.search(byTag).count == 1)
        #expect(try fixture.catalogue.search(SearchQuery("", minimumRating: 5)).isEmpty)
        let tag = try #require(try fixture.catalogue.tags(matching: "lake garda").first)
        #expect(tag.name == "lake garda" && tag.written == "Lake Garda")
        #expect(tag.count == 1 && tag.fromSidecars == 1)
        try fixture.catalogue.expectInvariants()
    }

    @Test(arguments: [true, false])
    func aSidecarMayComeBeforeOrAfterItsPicture(isFirst: Bool) throws {
        let names = isFirst ? ["a.jpg.xmp", "a.jpg"] : ["a.jpg", "a.jpg.xmp"]
        for (number, name) in names.enumerated() {
            try settle(name, UInt64(number + 1))
            #expect(try fixture.catalogue.pending().files == 1, "a scan waits for it")
            if name == "a.jpg" {
                try fixture.describeNext(as: 1, texts: EmbeddedTexts(caption: "IMG", rating: 2))
            } else {
                try fixture.readNext(lake)
            }
        }
        #expect(try asset("a.jpg").caption == "Anna at the lake")
        #expect(try asset("a.jpg").rating == 4)
        #expect(try fixture.show("a.jpg")?.sidecar?.relativePath == "a.jpg.xmp")
        #expect(try fixture.found("Italy") == ["a.jpg"])
        #expect(try fixture.catalogue.status().roots.map(\.files) == [1], "a sidecar is no picture")
        #expect(try fixture.show("a.jpg.xmp")?.sidecarTexts == lake.texts)
        try fixture.catalogue.expectInvariants()
    }

    @Test func fieldByFieldTheSidecarCountsBeforeTheFile() throws {
        try settle("a.jpg", 1)
        try fixture.describeNext(
            as: 1,
            texts: EmbeddedTexts(title: "Mine", caption: "old", keywords: ["goat"], rating: 1))
        try settle("a.jpg.xmp", 2)
        try fixture.readNext(
            SidecarFacts(texts: EmbeddedTexts(caption: "new", keywords: ["beach"])))
        let asset = try asset("a.jpg")
        let texts = asset.descriptions.filter { $0.source == .sidecar }
        #expect(Set(texts.map(\.text)) == ["new", "Mine"])
        #expect(asset.rating == 1)
        #expect(asset.tags.prefix(2) == ["beach", "goat"])
    }

    @Test func theSidecarOfTheWholeNameCountsBeforeThatOfTheStem() throws {
        try settle("a.jpg", 1)
        try fixture.describeNext(as: 1)
        try settle("a.xmp", 2)
        try fixture.readNext(SidecarFacts(texts: EmbeddedTexts(caption: "of the stem")))
        #expect(try asset("a.jpg").caption == "of the stem")
        try settle("a.jpg.xmp", 3)
        try fixture.readNext(SidecarFacts(texts: EmbeddedTexts(caption: "of the name")))
        #expect(try asset("a.jpg").caption == "of the name")
    }

    @Test func aSidecarThatNamesAnExtensionIsForNoOtherFile() throws {
        for (number, name) in ["a.jpg", "a.nef", "b.a.jpg"].enumerated() {
            try settle(name, UInt64(number + 1))
            try fixture.describeNext(as: UInt8(number + 1), caption: "a model's")
        }
        try settle("a.xmp", 9)
        var facts = lake
        facts.fileExtension = "nef"
        try fixture.readNext(facts)
        #expect(try asset("a.nef").caption == "Anna at the lake")
        #expect(try asset("a.jpg").caption == "a model's")
        #expect(try asset("b.a.jpg").caption == "a model's")
        try settle("a.xmp", 9, version: 2)
        try fixture.readNext(lake)
        #expect(try asset("a.jpg").caption == "Anna at the lake", "it names none any more")
        try fixture.catalogue.expectInvariants()
    }

    @Test func aSidecarThatCannotBeReadChangesNothingAndIsNamed() throws {
        try settle("a.jpg", 1)
        try fixture.describeNext(as: 1)
        try settle("a.jpg.xmp", 2)
        try fixture.readNext(lake)
        try settle("a.jpg.xmp", 2, version: 2)
        try fixture.catalogue.fail(fixture.lease(), reason: "is no XMP", retryAfter: nil, codecs: 1)
        #expect(try asset("a.jpg").caption == "Anna at the lake")
        let failures = try fixture.catalogue.failures()
        #expect(failures.map(\.path) == ["/photos/a.jpg.xmp"])
        #expect(failures.first?.reason == "is no XMP")
        #expect(try fixture.catalogue.status().roots.map(\.failed) == [0], "no picture has failed")
        try fixture.catalogue.expectInvariants()
    }

    @Test func whatASidecarSaidGoesWithItAndNotBefore() throws {
        try settle("a.jpg", 1)
        try fixture.describeNext(as: 1, caption: "a boat", texts: EmbeddedTexts(keywords: ["goat"]))
        try settle("a.jpg.xmp", 2)
        try fixture.readNext(lake)
        try fixture.observe(.absent("a.jpg.xmp"), at: 10)
        #expect(try asset("a.jpg").caption == "Anna at the lake", "it may only have moved")
        _ = try fixture.catalogue.removeExpired(
            grace: .seconds(60), at: CatalogueFixture.time(69))
        #expect(try asset("a.jpg").caption == "Anna at the lake")
        _ = try fixture.catalogue.removeExpired(
            grace: .seconds(60), at: CatalogueFixture.time(71))
        #expect(try asset("a.jpg").caption == "a boat")
        #expect(try asset("a.jpg").rating == nil)
        #expect(try asset("a.jpg").tags == ["goat", "boat"])
        #expect(try fixture.found("Garda").isEmpty)
        #expect(try fixture.catalogue.tags().map(\.name).sorted() == ["boat", "goat"])
        try fixture.catalogue.expectInvariants()
    }

    @Test func theNextSidecarTakesThePlaceOfOneThatWent() throws {
        try settle("a.jpg", 1)
        try fixture.describeNext(as: 1)
        for (name, caption) in [("a.xmp", "of the stem"), ("a.jpg.xmp", "of the name")] {
            try settle(name, name == "a.xmp" ? 2 : 3)
            try fixture.readNext(SidecarFacts(texts: EmbeddedTexts(caption: caption)))
        }
        try fixture.observe(.absent("a.jpg.xmp"), at: 10)
        _ = try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(71))
        #expect(try asset("a.jpg").caption == "of the stem")
    }

    @Test func aCopysWordsGoWithTheCopy() throws {
        try settle("a.jpg", 1)
        try fixture.describeNext(as: 1, texts: EmbeddedTexts(keywords: ["goat"]))
        try settle("b.jpg", 2)
        try fixture.describeNext(as: 1, texts: EmbeddedTexts(caption: "mine", keywords: ["beach"]))
        #expect(try asset("a.jpg").caption == "mine")
        #expect(try asset("a.jpg").tags.prefix(2) == ["goat", "beach"])
        try fixture.observe(.absent("b.jpg"), at: 10)
        _ = try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(71))
        #expect(try asset("a.jpg").caption == "a boat")
        #expect(try asset("a.jpg").tags == ["goat", "boat"])
        try fixture.catalogue.expectInvariants()
    }

    @Test func aPictureThatMovesAwayFromItsSidecarLosesItsWords() throws {
        try settle("a.jpg", 1)
        try fixture.describeNext(as: 1)
        try settle("a.jpg.xmp", 2)
        try fixture.readNext(lake)
        try settle("b.jpg", 1)
        try fixture.observe(.absent("a.jpg"), at: 10)
        try fixture.describeNext(as: 1)
        _ = try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(71))
        #expect(try asset("b.jpg").caption == "a boat")
        try settle("b.jpg.xmp", 2)
        try fixture.readNext(lake)
        #expect(try asset("b.jpg").caption == "Anna at the lake")
        try fixture.catalogue.expectInvariants()
    }

    @Test func anotherDisksSidecarSaysNothing() throws {
        let card = Volume(key: "card", point: "usb")
        try fixture.catalogue.setOnline(
            fixture.root.id, volumes: [CatalogueFixture.disk, card])
        try fixture.observe(.settled("usb/a.jpg.xmp", CatalogueFixture.status(1), card))
        try fixture.readNext(lake)
        let other = Volume(key: "other", point: "usb")
        try fixture.catalogue.setOnline(
            fixture.root.id, volumes: [CatalogueFixture.disk, other])
        try fixture.observe(.settled("usb/a.jpg", CatalogueFixture.status(2), other))
        try fixture.describeNext(as: 1)
        #expect(try asset("usb/a.jpg").caption == "a boat")
    }

    @Test func aMomentThatSomebodySetCountsBeforeTheFiles() throws {
        let capture = CaptureFacts(takenAt: "2024-07-26T18:03:11", latitude: 1, longitude: 2)
        func corrected(_ facts: SidecarFacts) -> CaptureFacts { capture.corrected(by: facts) }
        #expect(corrected(SidecarFacts(takenAt: "2024-07-26")).takenAt == "2024-07-26T18:03:11")
        #expect(corrected(SidecarFacts(takenAt: "2023-01-01")).takenAt == "2023-01-01")
        #expect(corrected(SidecarFacts(createdAt: "2026-01-01")).takenAt == "2024-07-26T18:03:11")
        #expect(
            CaptureFacts().corrected(by: SidecarFacts(createdAt: "2026-01-01")).takenAt
                == "2026-01-01")
        #expect(corrected(SidecarFacts(latitude: 47, longitude: 8)).latitude == 47)
        #expect(corrected(SidecarFacts()) == capture)
    }

    @Test func aSidecarsMomentIsShownAndFound() throws {
        try settle("a.jpg", 1)
        try fixture.describeNext(as: 1, capture: CaptureFacts(takenAt: "2024-07-26T18:03:11"))
        try settle("a.xmp", 2)
        try fixture.readNext(SidecarFacts(takenAt: "1987-05-01"))
        #expect(try fixture.show("a.jpg")?.capture.takenAt == "1987-05-01")
        let hits = try fixture.catalogue.search(SearchQuery("boat"))
        #expect(hits.map(\.takenAt) == ["1987-05-01"])
    }
}
