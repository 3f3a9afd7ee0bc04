@testable import Catalogue
import Foundation
import SystemPackage
import Testing

@Suite struct CatalogueEndingTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a.jpg")
    }

    @Test func givesUpAfterThreeAttempts() throws {
        for attempt in 1...3 {
            let job = try fixture.lease()
            #expect(job.attempt == attempt)
            let state = try fixture.catalogue.fail(
                job, reason: "the decoder died (\(attempt))", retryAfter: .zero,
                at: CatalogueFixture.time(0))
            #expect(state == (attempt < 3 ? .queued : .failed))
        }
        let details = try #require(try fixture.show("a.jpg")?.job)
        #expect(details.state == .failed)
        #expect(details.lastError == "the decoder died (3)")
        #expect(try fixture.catalogue.leaseNext() == nil)
        #expect(try fixture.catalogue.failures().map(\.path) == ["/photos/a.jpg"])
    }

    @Test func givesUpAtOnceWhereTryingAgainIsPointless() throws {
        let job = try fixture.lease()
        #expect(
            try fixture.catalogue.fail(job, reason: "no picture", retryAfter: nil) == .failed)
    }

    @Test func doesNothingForAVoidLease() throws {
        let job = try fixture.lease()
        try fixture.catalogue.release(job)
        #expect(try fixture.catalogue.fail(job, reason: "late", retryAfter: nil) == nil)
        #expect(try fixture.show("a.jpg")?.job.lastError == nil)
        let next = try fixture.lease()
        try fixture.catalogue.release(job)
        #expect(try fixture.show("a.jpg")?.job.state == .leased)
        #expect(next.attempt == 1)
    }

    @Test func givesTheAttemptBackOnRelease() throws {
        for _ in 0..<5 {
            let job = try fixture.lease()
            #expect(job.attempt == 1)
            try fixture.catalogue.release(job)
        }
        let job = try fixture.lease()
        let moment = CatalogueFixture.time(0)
        try fixture.catalogue.release(job, retryAfter: .seconds(2), at: moment)
        #expect(
            try fixture.catalogue.nextWakeUp(
                after: CatalogueFixture.time(0), grace: nil) == CatalogueFixture.time(2))
    }

    @Test func countsAKillAsAnInterruptionAndNotAsAnAttempt() throws {
        let path = fixture.path
        fixture.catalogue.close()
        for interruption in 1...10 {
            let owner = try Catalogue(at: path, access: .owner)
            #expect(owner.interruptedJobs == (interruption == 1 ? 0 : 1))
            #expect(try owner.leaseNext()?.attempt == 1)
            owner.close()
        }
        let owner = try Catalogue(at: path, access: .owner)
        let job = try #require(try owner.show("/photos/a.jpg")?.job)
        #expect(job.state == .failed)
        #expect(job.lastError?.contains("interrupted 10 times") == true)
    }

    @Test func takesInterruptedJobsLast() throws {
        let path = fixture.path
        _ = try fixture.lease()
        fixture.catalogue.close()
        let owner = try Catalogue(at: path, access: .owner)
        let later = CatalogueFixture.status(2, changed: -5)
        _ = try owner.observe([.settled("b.jpg", later)], in: fixture.root.id)
        #expect(try owner.leaseNext()?.relativePath == "b.jpg")
    }

    @Test func whatIsInterruptedOftenIsLentOutAlone() throws {
        let path = fixture.path
        try fixture.observe(.settled("b.jpg", CatalogueFixture.status(2, changed: -5)))
        fixture.catalogue.close()
        for _ in 0..<3 {
            let owner = try Catalogue(at: path, access: .owner)
            #expect(try owner.leaseNext() != nil)
            #expect(try owner.leaseNext() != nil)
            owner.close()
        }
        let owner = try Catalogue(at: path, access: .owner)
        let first = try #require(try owner.leaseNext())
        #expect(try owner.leaseNext() == nil)
        // Not even one that was never interrupted.
        let later = CatalogueFixture.status(3, changed: 5)
        _ = try owner.observe([.settled("c.jpg", later)], in: fixture.root.id)
        #expect(try owner.leaseNext() == nil)
        try owner.fail(first, reason: "no picture", retryAfter: nil)
        let new = try #require(try owner.leaseNext())
        #expect(new.relativePath == "c.jpg")
        #expect(try owner.leaseNext() == nil, "the second of those two waits")
        try owner.fail(new, reason: "no picture", retryAfter: nil)
        #expect(try owner.leaseNext() != nil)
    }

    @Test func dropsTheTextOfTheFormerContentWhenTheNewOneFails() throws {
        try fixture.describeNext(as: 1)
        try fixture.observe(.settled("a.jpg", CatalogueFixture.status(1, version: 2)), at: 5)
        let job = try fixture.lease()
        try fixture.catalogue.fail(
            job, reason: "no picture", retryAfter: nil, at: CatalogueFixture.time(6))
        #expect(try fixture.show("a.jpg")?.asset == nil)
        try fixture.catalogue.expectInvariants()
        #expect(
            try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(6)).assets
                == 1)
    }
}
