import FileSystem
import Foundation
import MediaDecoding
import TestSupport
import Testing
import WorkQueue

@testable import Catalogue

@Suite struct CatalogueMatchingTests {
    private let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("harbour/a.jpg", "b.jpg", "c.jpg")
        try fixture.describeNext(as: 1, caption: "a boat", tags: ["sea"])
        try fixture.describeNext(as: 2, caption: "a ship", tags: ["boat"])
        try fixture.describeNext(as: 3, caption: "a dog", tags: [])
    }

    @Test(
        arguments: [
            ("boat", [["caption"], ["tag"]]), ("harb", [["name"]]),
            ("sea boa", [["caption", "tag"]]),
            ("-sea", [[]]), ("", [[], [], []]),
        ] as [(String, [[String]])])
    func aHitSaysWhereItsWordsStand(words: String, places: [[String]]) throws {
        let query = SearchQuery(words)
        let found = try fixture.catalogue.search(query).map { hit in
            hit.places(of: query).map(\.rawValue).sorted()
        }
        #expect(Set(found) == Set(places))
    }

    @Test func matchesKnowWhetherThereAreMore() throws {
        let all = try fixture.catalogue.matches(SearchQuery(""), limit: 3)
        #expect(all.assets == [3, 2, 1] && !all.isCut && !all.isRanked)
        let two = try fixture.catalogue.matches(SearchQuery(""), limit: 2)
        #expect(two.assets == [3, 2] && two.isCut)
        #expect(try fixture.catalogue.matches(SearchQuery("boat"), limit: 9).isRanked)
        #expect(try fixture.catalogue.matches(SearchQuery("!!"), limit: 9).assets.isEmpty)
    }

    @Test func whatFitsIsLeftInItsOrder() throws {
        let catalogue = fixture.catalogue
        #expect(try catalogue.fitting([3, 1, 9, 2], SearchQuery("x")) == [3, 1, 2])
        #expect(try catalogue.fitting([3, 1, 2], SearchQuery("x -ship")) == [3, 1])
        #expect(try catalogue.fitting([3, 1, 2], SearchQuery("x", tags: ["boat"])) == [2])
        #expect(try catalogue.narrowSelection(SearchQuery("dog")) == nil)
        #expect(try catalogue.narrowSelection(SearchQuery("dog", tags: ["boat"])) == [2])
        #expect(try catalogue.narrowSelection(SearchQuery("dog -ship", tags: ["boat"])) == [])
    }

    @Test func eachCatalogueHasAnIdentity() throws {
        let own = try fixture.catalogue.identity()
        #expect(own.count == 16)
        #expect(try CatalogueFixture().catalogue.identity() != own)
        #expect(try !fixture.catalogue.hasEmbeddings())
    }
}
