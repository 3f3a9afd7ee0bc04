@testable import Catalogue
import FileSystem
import Foundation
import SystemPackage
import Testing

@Suite struct CatalogueLeasingTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
    }

    @Test func carriesWhatAWorkerNeeds() throws {
        try fixture.observe("2024/a.jpg")
        let job = try fixture.lease()
        #expect(job.path == "/photos/2024/a.jpg")
        #expect(job.root == "/photos")
        #expect(job.relativePath == "2024/a.jpg")
        #expect(job.status == CatalogueFixture.status(1))
        #expect(job.attempt == 1)
    }

    @Test func lendsAJobOutOnce() throws {
        try fixture.observe("a.jpg")
        _ = try fixture.lease()
        #expect(try fixture.catalogue.leaseNext() == nil)
        #expect(try fixture.catalogue.pending().total == 1)
    }

    @Test func takesWhatArrivedLastFirst() throws {
        for (name, changed) in [("old.jpg", 1), ("new.jpg", 3), ("between.jpg", 2)] {
            let status = CatalogueFixture.status(UInt64(changed), changed: Int64(changed))
            try fixture.observe(.settled(FilePath(name), status))
        }
        let order = try (0..<3).map { _ in try fixture.lease().relativePath.string }
        #expect(order == ["new.jpg", "between.jpg", "old.jpg"])
    }

    @Test func comparesTheJobsOfAllRoots() throws {
        let other = try fixture.catalogue.root(at: "/films")
        try fixture.observe(.settled("a.jpg", CatalogueFixture.status(1, changed: 5)))
        _ = try fixture.catalogue.observe(
            [.settled("b.mp4", CatalogueFixture.status(2, changed: 6))], in: other.id)
        try fixture.observe(.settled("c.jpg", CatalogueFixture.status(3, changed: 7)))
        let order = try (0..<3).map { _ in try fixture.lease().path.string }
        #expect(order == ["/photos/c.jpg", "/films/b.mp4", "/photos/a.jpg"])
    }

    @Test func putsWhatFailedBehindWhatWasNotTried() throws {
        try fixture.observe("a.jpg", "b.jpg")
        let first = try fixture.lease()
        try fixture.catalogue.fail(
            first, reason: "stuck", retryAfter: .zero, at: CatalogueFixture.time(0))
        let second = try fixture.lease()
        #expect(second.id != first.id)
        #expect(try fixture.lease().id == first.id)
    }

    @Test func waitsForTheSetTime() throws {
        try fixture.observe("a.jpg")
        let job = try fixture.lease()
        try fixture.catalogue.fail(
            job, reason: "stuck", retryAfter: .seconds(30), at: CatalogueFixture.time(5))
        #expect(
            try fixture.catalogue.nextWakeUp(
                after: CatalogueFixture.time(0), grace: nil) == CatalogueFixture.time(35))
        #expect(
            try fixture.catalogue.leaseNext(at: CatalogueFixture.time(34)) == nil)
        #expect(try fixture.lease(at: 35).attempt == 2)
        #expect(
            try fixture.catalogue.nextWakeUp(
                after: CatalogueFixture.time(0), grace: nil) == nil)
    }

    @Test func neverGivesTheNumberOfAJobThatIsGoneAgain() throws {
        try fixture.observe("a.jpg")
        let job = try fixture.lease()
        try fixture.observe(.absent("a.jpg"), at: 1)
        _ = try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(1))
        try fixture.observe(.settled("b.jpg", CatalogueFixture.status(2)))
        #expect(try fixture.lease().id != job.id)
        #expect(
            try fixture.catalogue.identified(
                job, as: CatalogueFixture.facts(1), wanting: CatalogueFixture.recipe) == .superseded
        )
    }

    @Test func ordersTheFarthestTimesThereAre() throws {
        for (name, changed) in [("first.jpg", Int64.min), ("last.jpg", .max)] {
            let status = CatalogueFixture.status(1, changed: changed)
            try fixture.observe(.settled(FilePath(name), status))
        }
        let order = try (0..<2).map { _ in try fixture.lease().relativePath.string }
        #expect(order == ["last.jpg", "first.jpg"])
    }

    @Test func leavesMissingFilesAlone() throws {
        try fixture.observe("a.jpg")
        try fixture.observe(.absent("a.jpg"))
        #expect(try fixture.catalogue.leaseNext() == nil)
        #expect(try fixture.catalogue.pending().total == 0)
    }
}
