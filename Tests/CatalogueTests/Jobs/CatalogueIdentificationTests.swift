@testable import Catalogue
import Foundation
import SystemPackage
import Testing

@Suite struct CatalogueIdentificationTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a.jpg", "b.jpg", "c.jpg")
    }

    @Test func needsNoModelForACopyOfADescribedPicture() throws {
        let asset = try fixture.describeNext(as: 1)
        let copy = try fixture.lease()
        #expect(try identified(copy, 1) == .described(assetID: asset))
        #expect(try fixture.show("b.jpg")?.asset?.caption == "a boat")
        #expect(try fixture.show("b.jpg")?.job.state == .done)
        #expect(try fixture.catalogue.isDescribed(asset))
    }

    @Test func letsTheSecondWaitForTheFirstAndBeDoneWithIt() throws {
        let jobs = try (0..<3).map { _ in try fixture.lease() }
        #expect(try identified(jobs[0], 1) == .needsDescription(assetID: 1))
        #expect(try identified(jobs[1], 1) == .beingDescribed(assetID: 1))
        #expect(try identified(jobs[2], 1) == .beingDescribed(assetID: 1))
        #expect(try fixture.catalogue.lease(owner: "test") == nil)
        #expect(try fixture.show("b.jpg")?.job.attempts == 0)
        let result = CatalogueFixture.result()
        #expect(try fixture.catalogue.complete(jobs[0], assetID: 1, with: result))
        #expect(try fixture.found("boat") == ["a.jpg", "b.jpg", "c.jpg"])
        #expect(try fixture.catalogue.pendingCount() == 0)
        try fixture.catalogue.expectInvariants()
    }

    @Test(arguments: ["fail", "give up", "release", "change"])
    func letsThoseWhoWaitGoWhenTheFirstEndsOtherwise(how: String) throws {
        let first = try fixture.lease()
        let second = try fixture.lease()
        _ = try identified(first, 1)
        #expect(try identified(second, 1) == .beingDescribed(assetID: 1))
        switch how {
        case "fail":
            try fixture.catalogue.fail(first, reason: "stuck", retryAfter: .seconds(60))
        case "give up": try fixture.catalogue.fail(first, reason: "stuck", retryAfter: nil)
        case "release": try fixture.catalogue.release(first)
        default:
            try fixture.observe(.settled("a.jpg", CatalogueFixture.status(1, version: 2)))
        }
        #expect(try fixture.show("b.jpg")?.job.state == .queued)
        try fixture.catalogue.expectInvariants()
    }

    @Test func letsThoseWhoWaitGoWhenTheOwnerDies() throws {
        let first = try fixture.lease()
        let second = try fixture.lease()
        _ = try identified(first, 1)
        _ = try identified(second, 1)
        fixture.catalogue.close()
        let owner = try Catalogue(at: fixture.path, access: .owner)
        #expect(owner.interruptedJobs == 1)
        #expect(try owner.show("/photos/b.jpg")?.job.state == .queued)
        try owner.expectInvariants()
    }

    @Test func keepsWhatEachFileSaysOfItsMoment() throws {
        let capture = CaptureFacts(
            takenAt: "2024-07-26T18:03:11", camera: "Box 2", latitude: 48.1, longitude: 11.6)
        try fixture.describeNext(as: 1, capture: capture)
        let copy = try fixture.lease()
        _ = try identified(copy, 1)
        #expect(try fixture.show("a.jpg")?.capture == capture)
        #expect(try fixture.show("b.jpg")?.capture == CaptureFacts())
    }

    @Test func refusesAnEmptyIdentity() throws {
        let job = try fixture.lease()
        var facts = CatalogueFixture.facts(1)
        facts.identity = []
        #expect(throws: CatalogueError.self) {
            try fixture.catalogue.identified(job, as: facts)
        }
    }

    private func identified(_ job: LeasedJob, _ content: UInt8) throws -> Identification {
        try fixture.catalogue.identified(job, as: CatalogueFixture.facts(content))
    }
}
