@testable import Catalogue
import Foundation
import SystemPackage
import Testing
import WorkQueue

@Suite struct CatalogueWorkQueueTests {
    let fixture: CatalogueFixture
    private let recipe = CatalogueFixture.recipe

    /// Three files whose pictures are known and not described, their work ready.
    init() throws {
        fixture = try CatalogueFixture()
        for (name, number) in [("a.jpg", 1), ("b.jpg", 2), ("c.jpg", 3)] {
            let status = CatalogueFixture.status(UInt64(number), changed: Int64(number))
            try fixture.observe(.settled(FilePath(name), status))
            try fixture.catalogue.release(try fixture.leaseWork(as: UInt8(number)))
        }
    }

    @Test func lendsTheNewestFirst() throws {
        let request = LeaseRequest(worker: "test", limit: 2)
        #expect(try fixture.catalogue.lease(request).map(\.asset) == [3, 2])
        #expect(try fixture.catalogue.lease(request).map(\.asset) == [1])
        #expect(try fixture.catalogue.lease(request).isEmpty)
    }

    @Test func lendsOnlyWhatTheWorkerCanDo() throws {
        let other = Recipe(model: "other", version: "1", settings: [])
        for (kinds, recipes, count) in [
            ([.embed], nil, 0), ([.describe], [other], 0), ([.describe], [recipe], 3),
        ] as [(Set<WorkKind>, Set<Recipe>?, Int)] {
            let request = LeaseRequest(kinds: kinds, recipes: recipes, worker: "test", limit: 9)
            #expect(try fixture.catalogue.lease(request).count == count)
        }
    }

    @Test func aLeaseThatRanOutIsLentAgainAndTheOldOneStoresNothing() throws {
        let request = LeaseRequest(
            worker: "far", until: CatalogueFixture.time(60), now: CatalogueFixture.time(0))
        let old = try #require(try fixture.catalogue.lease(request).first)
        #expect(
            try fixture.catalogue.nextWakeUp(after: CatalogueFixture.time(0), grace: nil)
                == CatalogueFixture.time(60))
        let next = try (0..<3).map { _ in try #require(try fixture.nextWork(at: 61)) }
        let new = try #require(next.first { $0.asset == old.asset })
        #expect(new.number > old.number)
        #expect(try !fixture.catalogue.complete(old, with: CatalogueFixture.result()))
        #expect(try !fixture.catalogue.renew(old, until: CatalogueFixture.time(90)))
        #expect(try fixture.catalogue.complete(new, with: CatalogueFixture.result()))
    }

    @Test func aRenewedLeaseLasts() throws {
        let request = LeaseRequest(
            worker: "far", limit: 3, until: CatalogueFixture.time(60),
            now: CatalogueFixture.time(0))
        for lease in try fixture.catalogue.lease(request) {
            #expect(try fixture.catalogue.renew(lease, until: CatalogueFixture.time(90)))
        }
        #expect(try fixture.nextWork(at: 61) == nil)
        #expect(try fixture.nextWork(at: 91) != nil)
    }

    @Test func aDeadOwnersLeasesEndAndThoseOfOthersGoOn() throws {
        let near = try #require(try fixture.nextWork())
        let request = LeaseRequest(
            worker: "far", until: CatalogueFixture.time(60), now: CatalogueFixture.time(0))
        let far = try #require(try fixture.catalogue.lease(request).first)
        fixture.catalogue.close()
        let owner = try Catalogue(at: fixture.path, access: .owner)
        #expect(owner.interruptedJobs == 1)
        #expect(try !owner.complete(near, with: CatalogueFixture.result()))
        #expect(try owner.complete(far, with: CatalogueFixture.result()))
        try owner.expectInvariants()
    }

    @Test func whatIsInterruptedOftenIsWorkedOnAloneAndThenGivenUp() throws {
        let path = fixture.path
        fixture.catalogue.close()
        for _ in 0..<3 {
            let owner = try Catalogue(at: path, access: .owner)
            while try owner.leaseWork() != nil {}
            owner.close()
        }
        var owner = try Catalogue(at: path, access: .owner)
        #expect(try owner.lease(LeaseRequest(worker: "test", limit: 9)).count == 1)
        _ = try owner.observe([.settled("d.jpg", CatalogueFixture.status(4))], in: fixture.root.id)
        #expect(try owner.leaseNext() == nil, "not even a file beside it")
        for _ in 0..<30 {
            owner.close()
            owner = try Catalogue(at: path, access: .owner)
            _ = try owner.leaseWork()
        }
        #expect(try owner.failures().count == 3)
        #expect(try owner.leaseNext() != nil)
        try owner.expectInvariants()
    }

    @Test func offersOnlyWhatIsNotThereYet() throws {
        func order(_ asset: Int64, _ recipe: Recipe) -> WorkOrder {
            WorkOrder(
                asset: asset, kind: .describe, recipe: recipe, priority: .redo, newness: 1)
        }
        #expect(try fixture.catalogue.offer([order(1, recipe)]) == 0, "it is wanted")
        let other = Recipe(model: "other", version: "1", settings: [])
        #expect(try fixture.catalogue.offer([order(1, other), order(2, other)]) == 2)
        #expect(try fixture.catalogue.offer([order(99, other)]) == 0, "there is no such asset")
        let work = try #require(try fixture.nextWork())
        #expect(try fixture.catalogue.complete(work, with: CatalogueFixture.result()))
        #expect(try fixture.catalogue.offer([order(work.asset, recipe)]) == 0, "it is done")
    }

    @Test func anotherModelTakesOverWhatNobodyHasDescribed() throws {
        let other = Recipe(model: "other", version: "1", settings: [])
        #expect(try fixture.catalogue.retargetNewWork(to: other) == 3)
        #expect(try fixture.catalogue.retargetNewWork(to: other) == 0)
        #expect(try fixture.nextWork()?.recipe.model == "other")
    }

    @Test func endsWithAPauseAndThenForGood() throws {
        let failure = WorkFailure(reason: "stuck", retryAfter: .seconds(5))
        for attempt in 1...3 {
            let time = Double(attempt * 10)
            let all = try (0..<3).compactMap { _ in try fixture.nextWork(at: time) }
            let work = try #require(all.first { $0.asset == 1 })
            #expect(work.attempt == attempt)
            let state = try fixture.catalogue.fail(work, failure, at: CatalogueFixture.time(time))
            #expect(state == (attempt < 3 ? .queued : .failed))
            for other in all where other != work { try fixture.catalogue.release(other) }
        }
        #expect(try fixture.show("a.jpg")?.job.state == .failed)
        #expect(try fixture.show("a.jpg")?.job.attempts == 3)
        try fixture.catalogue.expectInvariants()
    }
}
