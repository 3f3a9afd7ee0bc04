@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@Suite struct CatalogueEmbeddingsTests {
    private let fixture: CatalogueFixture
    private let recipe = Recipe(model: "tiny", version: "1", settings: [9])

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a.jpg", "b.jpg", "c.jpg")
        for content in UInt8(1)...3 { try fixture.describeNext(as: content) }
    }

    private var catalogue: Catalogue { fixture.catalogue }

    private func embedded(
        _ value: Int8, seconds: [Int32?] = [nil], by recipe: Recipe? = nil
    ) -> EmbeddedAsset {
        EmbeddedAsset(
            recipe: recipe ?? self.recipe,
            embeddings: seconds.map {
                StoredEmbedding(second: $0, values: [value, -128, 127], scale: 0.5)
            })
    }

    private func lease(_ limit: Int = 1) throws -> [WorkLease] {
        try catalogue.lease(
            LeaseRequest(
                kinds: [.embed], recipes: [recipe], worker: "test", limit: limit,
                now: CatalogueFixture.time(0)))
    }

    private func rows(after row: Int64 = 0, limit: Int = 100) throws -> [EmbeddingRow] {
        try catalogue.embeddings(by: recipe, after: row, limit: limit)
    }

    @Test func offersWhatWasDescribedBeforeAndNothingTwice() throws {
        #expect(try catalogue.offerEmbeddings(by: recipe) == 3)
        #expect(try catalogue.offerEmbeddings(by: recipe) == 0)
        let pending = try catalogue.pending()
        #expect(pending.embeddings == 3 && pending.redo == 0 && pending.new == 0)
        for (value, work) in try lease(9).enumerated() {
            #expect(try catalogue.complete(work, with: embedded(Int8(value))))
        }
        #expect(try catalogue.offerEmbeddings(by: recipe) == 0)
        #expect(try catalogue.pending().total == 0)
        #expect(try rows().map(\.embedding.values.first) == [0, 1, 2])
        try catalogue.expectInvariants()
    }

    @Test func whatRoundingLeftIsKeptAndReadOfSingleSeconds() throws {
        _ = try catalogue.offerEmbeddings(by: recipe)
        let work = try #require(try lease().first)
        let exact = StoredEmbedding(second: 4, values: [1, -2], scale: 0.5, fine: [64, -128])
        let rough = StoredEmbedding(second: 5, values: [3, 4], scale: 2)
        let result = EmbeddedAsset(recipe: recipe, embeddings: [exact, rough])
        #expect(try catalogue.complete(work, with: result))
        #expect(try catalogue.embeddings(of: work.asset, by: recipe).embeddings == [exact, rough])
        let places: [(asset: Int64, second: Int32?)] = [
            (work.asset, 5), (work.asset, nil), (work.asset + 1, 4), (work.asset, 4),
        ]
        #expect(try catalogue.embeddings(at: places, by: recipe) == [rough, nil, nil, exact])
        #expect(exact.numbers == [0.625, -1.25] && rough.numbers == [6, 8])
    }

    @Test func whatIsNotDescribedIsNotOffered() throws {
        try fixture.observe(.settled("d.jpg", CatalogueFixture.status(4)))
        _ = try fixture.leaseWork(as: 4)
        #expect(try catalogue.offerEmbeddings(by: recipe) == 3)
    }

    @Test func anotherRecipeTakesTheQueuesPlace() throws {
        let newer = Recipe(model: "tiny", version: "2", settings: [9])
        _ = try catalogue.offerEmbeddings(by: recipe)
        let begun = try #require(try lease().first)
        #expect(try catalogue.offerEmbeddings(by: newer) == 3)
        #expect(try lease(9).isEmpty)
        #expect(try catalogue.complete(begun, with: embedded(1)))
        #expect(try catalogue.pending().embeddings == 3)
        try catalogue.expectInvariants()
    }

    @Test func whoeverStopsAsksForTheRestLater() throws {
        #expect(try catalogue.offerEmbeddings(by: recipe, shouldStop: { true }) == 0)
        #expect(try catalogue.offerEmbeddings(by: recipe) == 3)
    }

    @Test func signaturesAloneAreAskedForStillsThatLackThem() throws {
        let signing = Recipe(signaturesOf: 1)
        #expect(try catalogue.offerEmbeddings(by: signing, signatures: 1) == 3)
        let works = try catalogue.lease(
            LeaseRequest(
                kinds: [.embed], recipes: [signing], worker: "test", limit: 9,
                now: CatalogueFixture.time(0)))
        #expect(works.count == 3)
        let nothing = EmbeddedAsset(recipe: signing, embeddings: [])
        #expect(throws: CatalogueError.self) { try catalogue.complete(works[0], with: nothing) }
        for work in works {
            var signed = nothing
            signed.signature = StoredSignature(version: 1, bytes: [1])
            #expect(try catalogue.complete(work, with: signed))
        }
        #expect(try catalogue.offerEmbeddings(by: signing, signatures: 1) == 0)
        #expect(try catalogue.offerEmbeddings(by: signing, signatures: 2) == 3)
        #expect(try !catalogue.hasEmbeddings())
        try catalogue.expectInvariants()
    }

    @Test func newPicturesAreDescribedFirst() throws {
        _ = try catalogue.offerEmbeddings(by: recipe)
        try fixture.observe(.settled("d.jpg", CatalogueFixture.status(4)))
        let new = try fixture.leaseWork(as: 4)
        try catalogue.release(new)
        let request = LeaseRequest(kinds: [.describe, .embed], worker: "test", limit: 2)
        #expect(try catalogue.lease(request).map(\.kind) == [.describe, .embed])
    }

    @Test func aDescriptionsEmbeddingsAreStoredWithIt() throws {
        try fixture.observe(.settled("d.jpg", CatalogueFixture.status(4)))
        let work = try fixture.leaseWork(as: 4)
        var result = CatalogueFixture.result()
        result.embedded = embedded(4, seconds: [0, 1, 2])
        #expect(try catalogue.complete(work, with: result))
        #expect(try rows().map(\.embedding.second) == [0, 1, 2])
        #expect(try rows().map(\.asset) == [4, 4, 4])
        #expect(try catalogue.offerEmbeddings(by: recipe) == 3)
    }

    @Test func areReadOnBehindARow() throws {
        _ = try catalogue.offerEmbeddings(by: recipe)
        for work in try lease(2) { _ = try catalogue.complete(work, with: embedded(1)) }
        let first = try rows(limit: 1)
        #expect(first.count == 1)
        let second = try rows(after: first[0].number)
        #expect(second.count == 1 && second[0].number > first[0].number)
        let third = try #require(try lease().first)
        _ = try catalogue.complete(third, with: embedded(3))
        #expect(try rows(after: second[0].number).map(\.asset) == [third.asset])
        #expect(first[0].embedding == embedded(1).embeddings[0])
        #expect(try catalogue.embeddings(by: CatalogueFixture.recipe, after: 0, limit: 9).isEmpty)
    }

    @Test func replacedOnesGetNewNumbersAndAreCounted() throws {
        _ = try catalogue.offerEmbeddings(by: recipe)
        let work = try #require(try lease().first)
        _ = try catalogue.complete(work, with: embedded(1, seconds: [0, 1]))
        let last = try #require(try rows().last?.number)
        let order = WorkOrder(
            asset: work.asset, kind: .embed, recipe: recipe, priority: .redo, newness: 0)
        #expect(try catalogue.offer([order]) == 0, "it is there")
        try catalogue.write { database in
            try database.store(embedded(2, seconds: [0]), for: work.asset)
        }
        #expect(try rows().map(\.embedding.values.first) == [2])
        #expect(try #require(try rows().first?.number) > last)
        let count = try catalogue.embeddingCount(by: recipe)
        #expect(count.rows == 1 && count.removed == 2)
    }

    @Test func goWithTheirAssetAndNotWithItsName() throws {
        _ = try catalogue.offerEmbeddings(by: recipe)
        for work in try lease(9) { _ = try catalogue.complete(work, with: embedded(1)) }
        let before = try rows()
        // Moved: another name with the same content.
        try fixture.observe(.absent("a.jpg", CatalogueFixture.disk), at: 1)
        try fixture.observe(.settled("z.jpg", CatalogueFixture.status(1)), at: 1)
        _ = try fixture.describeNext(as: 1, at: 1)
        #expect(try catalogue.offerEmbeddings(by: recipe) == 0)
        #expect(try rows() == before)
        try fixture.observe(.absent("b.jpg", CatalogueFixture.disk), at: 2)
        _ = try catalogue.removeExpired(grace: .seconds(1), at: CatalogueFixture.time(9))
        _ = try catalogue.removeExpired(grace: .seconds(1), at: CatalogueFixture.time(19))
        #expect(try rows().count == 2)
        let count = try catalogue.embeddingCount(by: recipe)
        #expect(count.rows == 2 && count.removed == 1)
        try catalogue.expectInvariants()
    }

    @Test func aPictureThatAnotherStandsForIsLeftOut() throws {
        _ = try catalogue.offerEmbeddings(by: recipe)
        try catalogue.write { try $0.execute(sql: "UPDATE asset SET primary_id = 1 WHERE id = 2") }
        #expect(Set(try lease(9).map(\.asset)) == [1, 3])
        #expect(try catalogue.offerEmbeddings(by: recipe) == 0)
    }

    @Test func aVoidLeaseStoresNothing() throws {
        _ = try catalogue.offerEmbeddings(by: recipe)
        let work = try #require(try lease().first)
        try catalogue.release(work)
        #expect(try !catalogue.complete(work, with: embedded(1)))
        #expect(try rows().isEmpty)
    }

    @Test func failingLeavesTheDescriptionAlone() throws {
        _ = try catalogue.offerEmbeddings(by: recipe)
        let work = try #require(try lease().first)
        let file = try #require(try catalogue.file(for: work))
        let failure = WorkFailure(reason: "no numbers", retryAfter: nil)
        #expect(try catalogue.fail(work, failure, of: file.fileID) == .failed)
        let asset = try catalogue.read { database in
            try String.fetchAll(database, sql: "SELECT state FROM job")
        }
        #expect(asset == ["done", "done", "done"])
        #expect(try catalogue.offerEmbeddings(by: recipe) == 0, "what failed is left to retry")
        #expect(try catalogue.retry(.all) == 1)
        #expect(try lease(9).count == 3)
    }

    @Test func refusesWhatEndsOtherWork() throws {
        _ = try catalogue.offerEmbeddings(by: recipe)
        let work = try #require(try lease().first)
        #expect(throws: CatalogueError.self) {
            try catalogue.complete(work, with: CatalogueFixture.result())
        }
        #expect(throws: CatalogueError.self) {
            try catalogue.complete(work, with: embedded(1, seconds: []))
        }
        _ = try catalogue.redo(
            RedoSelection(), wanting: Recipe(model: "o", version: "", settings: []))
        let other = try #require(try fixture.nextWork())
        #expect(throws: CatalogueError.self) { try catalogue.complete(other, with: embedded(1)) }
    }

    @Test func areFoundByTheirIndex() throws {
        let plan = try catalogue.read { database in
            try Row.fetchAll(
                database, sql: "EXPLAIN QUERY PLAN " + Database.embeddingsSQL, arguments: [1, 0, 9]
            ).map { $0["detail"] as String }.joined(separator: "; ")
        }
        #expect(plan.contains("embedding_recipe (recipe_id=? AND rowid>?)"))
        #expect(!plan.contains("TEMP B-TREE"))
    }

    /// What a kill leaves is a beginning of the log.
    @Test func aKillStoresADescriptionWithItsEmbeddingsOrNeither() throws {
        try catalogue.queue.writeWithoutTransaction { database in
            try database.checkpoint(.truncate)
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        }
        for index in 0..<20 {
            let status = CatalogueFixture.status(UInt64(10 + index))
            try fixture.observe(.settled(FilePath("\(index).jpg"), status))
            var result = CatalogueFixture.result()
            result.embedded = embedded(1, seconds: [0, 1, 2])
            #expect(try catalogue.complete(fixture.leaseWork(as: UInt8(10 + index)), with: result))
        }
        var random = SplitMix(seed: 6)
        for _ in 0..<30 {
            let copy = try CatalogueCopy(of: fixture.path)
            let length = try FileStatus(at: copy.log).size
            #expect(
                truncate(copy.log.string, Int(Int64.random(in: 0...length, using: &random))) == 0)
            let owner = try Catalogue(at: copy.path, access: .owner)
            let halves = try owner.read { database in
                try Int.fetchOne(
                    database,
                    sql: """
                        SELECT count(*) FROM asset WHERE id > 3 AND 3 * EXISTS (
                                SELECT 1 FROM described WHERE asset_id = asset.id)
                            <> (SELECT count(*) FROM embedding WHERE asset_id = asset.id)
                        """)
            }
            #expect(halves == 0)
            try owner.expectInvariants()
        }
    }

    /// A later version of what stills are compared by is made up for, beside embeddings that are there.
    @Test func whatHasNoSignatureIsOfferedAgain() throws {
        _ = try catalogue.offerEmbeddings(by: recipe)
        for work in try lease(9) {
            var result = embedded(1)
            result.signature = StoredSignature(version: 2, bytes: [7, 8])
            #expect(try catalogue.complete(work, with: result))
        }
        #expect(try catalogue.offerEmbeddings(by: recipe, signatures: 2) == 0)
        let asset = try #require(try catalogue.stills(after: 0, limit: 1).first?.asset)
        #expect(try catalogue.signature(of: asset, version: 2) == [7, 8])
        #expect(try catalogue.signature(of: asset, version: 3) == nil)
        #expect(try catalogue.offerEmbeddings(by: recipe, signatures: 3) == 3)
        for work in try lease(9) {
            var result = embedded(1)
            result.signature = StoredSignature(version: 3, bytes: [9])
            #expect(try catalogue.complete(work, with: result))
        }
        #expect(try catalogue.signature(of: asset, version: 3) == [9])
        #expect(try catalogue.offerEmbeddings(by: recipe, signatures: 3) == 0)
        try catalogue.expectInvariants()
    }
}
