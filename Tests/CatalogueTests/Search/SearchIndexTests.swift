@testable import Catalogue
import GRDB
import SystemPackage
import Testing
import WorkQueue

@Suite struct SearchIndexTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("old.jpg")
        try fixture.describeNext(as: 1)
    }

    @Test func forgetsTheNameThatAFileHad() throws {
        try fixture.observe(.absent("old.jpg"), at: 1)
        try fixture.observe(.settled("new.jpg", CatalogueFixture.status(1, changed: 2)), at: 1)
        try fixture.describeNext(as: 1)
        _ = try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(1))
        #expect(try fixture.found("new") == ["new.jpg"])
        #expect(try fixture.found("old").isEmpty)
    }

    @Test func forgetsTheWordsOfAnEarlierRecipe() throws {
        let newer = CatalogueFixture.result(
            caption: "a ship", tags: ["ship"],
            recipe: Recipe(model: "tiny", version: "2", settings: [1]))
        try fixture.catalogue.write { try $0.execute(sql: "DELETE FROM described") }
        try fixture.observe(.settled("old.jpg", CatalogueFixture.status(1, changed: 2)))
        let work = try fixture.leaseWork(as: 1)
        _ = try fixture.catalogue.complete(work, with: newer)
        #expect(try fixture.found("ship") == ["old.jpg"])
        #expect(try fixture.found("boat").isEmpty)
        #expect(
            try fixture.show("old.jpg")?.asset?.descriptions.map(\.text) == ["a ship", "a boat"])
    }

    @Test func readsANameThatIsNoTextAsFarAsItIs() throws {
        let name = FilePath(
            platformString: Array("summer".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0])
        try fixture.observe(.settled(name, CatalogueFixture.status(3)))
        try fixture.describeNext(as: 3)
        let hits = try fixture.catalogue.search(SearchQuery("summer"))
        #expect(hits.flatMap(\.files).map(\.relativePath) == [name])
    }
}
