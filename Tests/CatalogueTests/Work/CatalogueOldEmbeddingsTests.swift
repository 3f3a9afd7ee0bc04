@testable import Catalogue
import Foundation
import GRDB
import TestSupport
import Testing
import WorkQueue

@Suite struct CatalogueOldEmbeddingsTests {
    private let fixture: CatalogueFixture
    private let old = Recipe(embeddingsOf: "old", version: "1")
    private let new = Recipe(embeddingsOf: "new", version: "1")

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a.jpg", "b.jpg", "c.jpg")
        for content in UInt8(1)...3 { try fixture.describeNext(as: content) }
        try embed(by: old)
    }

    private var catalogue: Catalogue { fixture.catalogue }

    private func embed(by recipe: Recipe, atMost limit: Int = 9) throws {
        _ = try catalogue.offerEmbeddings(by: recipe)
        let request = LeaseRequest(
            kinds: [.embed], recipes: [recipe], worker: "test", limit: limit,
            now: CatalogueFixture.time(0))
        for work in try catalogue.lease(request) {
            let embeddings = [StoredEmbedding(values: [1, 2, 3, 4], scale: 1)]
            #expect(
                try catalogue.complete(
                    work, with: EmbeddedAsset(recipe: recipe, embeddings: embeddings)))
        }
    }

    @Test func staySinceSomebodyMayGoBackToTheirModel() throws {
        try embed(by: new)
        #expect(try catalogue.offerEmbeddings(by: new) == 0)
        #expect(
            try catalogue.embeddings(exceptBy: new)
                == [RecipeEmbeddings(model: "old", count: 3, bytes: 12)])
        #expect(try catalogue.offerEmbeddings(by: old) == 0)
    }

    @Test func goWhenTheyAreToAndTheOthersStay() throws {
        try embed(by: new)
        let kept = try catalogue.embeddings(by: new, after: 0, limit: 9)
        #expect(try catalogue.forgetEmbeddings(exceptBy: new) == 3)
        #expect(try catalogue.embeddings(exceptBy: new).isEmpty)
        #expect(try catalogue.embeddings(by: new, after: 0, limit: 9) == kept)
        #expect(try catalogue.embeddingCount(by: old).removed == 3)
        #expect(try catalogue.forgetEmbeddings(exceptBy: new) == 0)
        try catalogue.expectInvariants()
    }

    @Test func stayWhileTheNewModelHasNotLookedAtEveryPicture() throws {
        try embed(by: new, atMost: 2)
        #expect(try catalogue.notYetEmbedded(by: new) == 1)
        #expect(throws: CatalogueError.self) { try catalogue.forgetEmbeddings(exceptBy: new) }
        #expect(try catalogue.embeddings(exceptBy: new).map(\.count) == [3])
    }

    @Test func aPictureThatTheNewModelCannotReadKeepsNothing() throws {
        try embed(by: new, atMost: 2)
        try catalogue.write {
            try $0.execute(sql: "UPDATE work SET state = 'failed' WHERE kind = 'embed'")
        }
        #expect(try catalogue.forgetEmbeddings(exceptBy: new) == 3)
    }

    @Test func aModelThatHasLookedAtNothingRemovesNothing() throws {
        let never = Recipe(embeddingsOf: "never", version: "1")
        #expect(throws: CatalogueError.self) { try catalogue.forgetEmbeddings(exceptBy: never) }
        #expect(try catalogue.embeddings(by: old, after: 0, limit: 9).count == 3)
    }
}
