@testable import Catalogue
import Foundation
import SystemPackage
import Testing
import WorkQueue

@Suite struct CatalogueDetailsTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
    }

    @Test func knowsNothingOfFilesElsewhere() throws {
        try fixture.observe("a.jpg")
        for path in ["/photos/b.jpg", "/photos", "/", "/photosa.jpg", "a.jpg", "/other/a.jpg"] {
            #expect(try fixture.catalogue.show(FilePath(path)) == nil, "\(path)")
        }
    }

    @Test func tellsEverything() throws {
        try fixture.observe("a/b.jpg")
        try fixture.describeNext(as: 1, caption: "a boat", tags: ["boat", "sea"], at: 3)
        let details = try #require(try fixture.show("a/b.jpg"))
        #expect(details.location.path == "/photos/a/b.jpg")
        #expect(details.status == CatalogueFixture.status(1))
        #expect(details.missingSince == nil)
        #expect(details.job.state == .done)
        #expect(details.job.attempts == 1)
        #expect(details.job.updatedAt == CatalogueFixture.time(3))
        let asset = try #require(details.asset)
        #expect(asset.facts == CatalogueFixture.facts(1))
        #expect(asset.tags == ["boat", "sea"])
        #expect(asset.tokenCount == 1)
        #expect(asset.tokenWidth == 3)
        #expect(asset.descriptions.first?.at == CatalogueFixture.time(3))
        #expect(try fixture.catalogue.tokens(of: asset.id).map(\.elements) == [[0.5, -1, 2]])
    }

    @Test func marksAMissingFile() throws {
        try fixture.observe("a.jpg")
        try fixture.observe(.absent("a.jpg"), at: 4)
        #expect(try fixture.show("a.jpg")?.missingSince == CatalogueFixture.time(4))
    }

    @Test func asksTheInnermostRootFirst() throws {
        let inner = try fixture.catalogue.root(at: "/photos/inner")
        try fixture.observe("inner/a.jpg")
        #expect(try fixture.show("inner/a.jpg")?.location.root == "/photos")
        _ = try fixture.catalogue.observe(
            [.settled("a.jpg", CatalogueFixture.status(1))], in: inner.id)
        #expect(try fixture.show("inner/a.jpg")?.location.root == "/photos/inner")
    }
}
