@testable import Catalogue
import MediaDecoding
import Foundation
import SystemPackage
import Testing
import WorkQueue

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
        let work = try work(of: jobs[0])
        #expect(try identified(jobs[1], 1) == .waiting(assetID: 1))
        #expect(try identified(jobs[2], 1) == .waiting(assetID: 1))
        #expect(try fixture.catalogue.leaseNext() == nil)
        #expect(try fixture.show("b.jpg")?.job.state == .leased, "its work is in hand")
        let result = CatalogueFixture.result()
        #expect(try fixture.catalogue.complete(work, with: result))
        #expect(try fixture.found("boat") == ["a.jpg", "b.jpg", "c.jpg"])
        #expect(try fixture.catalogue.pending().total == 0)
        try fixture.catalogue.expectInvariants()
    }

    @Test(arguments: ["fail", "release", "gone"])
    func letsAnotherGoOnWhenTheFirstEndsOtherwise(how: String) throws {
        let first = try fixture.lease()
        let second = try fixture.lease()
        let work = try work(of: first)
        #expect(try identified(second, 1) == .waiting(assetID: 1))
        switch how {
        case "fail":
            let failure = WorkFailure(reason: "stuck", retryAfter: .zero)
            #expect(try fixture.catalogue.fail(work, failure) == .queued)
        case "release": try fixture.catalogue.release(work)
        default:
            try fixture.observe(.absent("a.jpg"))
            try fixture.catalogue.release(work)
        }
        #expect(try fixture.show("b.jpg")?.job.state == .queued)
        let next = try #require(try fixture.catalogue.leaseWork())
        #expect(next.asset == work.asset && next.number > work.number)
        let name: FilePath = how == "gone" ? "b.jpg" : "a.jpg"
        #expect(try fixture.catalogue.file(for: next)?.relativePath == name)
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
            try fixture.catalogue.identified(
                job, as: facts, wanting: CatalogueFixture.recipe)
        }
    }

    @Test func failsAllThatWaitWhenTheFirstFailsForGood() throws {
        let work = try work(of: try fixture.lease())
        #expect(try identified(try fixture.lease(), 1) == .waiting(assetID: 1))
        let failure = WorkFailure(reason: "no picture", retryAfter: nil)
        #expect(try fixture.catalogue.fail(work, failure) == .failed)
        for name in ["a.jpg", "b.jpg"] {
            #expect(try fixture.show(name)?.job.state == .failed)
            #expect(try fixture.show(name)?.job.lastError == "no picture")
        }
        try fixture.catalogue.expectInvariants()
        #expect(try fixture.catalogue.retry(.all) == 2)
        _ = try self.work(of: try fixture.lease())
    }

    @Test func triesAgainWithAFurtherFileOfTheSamePicture() throws {
        let work = try work(of: try fixture.lease())
        let failure = WorkFailure(reason: "no picture", retryAfter: nil)
        #expect(try fixture.catalogue.fail(work, failure) == .failed)
        let again = try self.work(of: try fixture.lease())
        #expect(again.asset == work.asset)
        #expect(again.attempt == 1)
        try fixture.catalogue.expectInvariants()
    }

    @Test func goesOnWithAnotherFileWhenOneIsDamaged() throws {
        let job = try fixture.lease()
        let work = try work(of: job)
        #expect(try identified(try fixture.lease(), 1) == .waiting(assetID: 1))
        let failure = WorkFailure(reason: "damaged", retryAfter: nil)
        #expect(try fixture.catalogue.fail(work, failure, of: job.fileID) == .failed)
        let states = try ["a.jpg", "b.jpg"].compactMap { try fixture.show($0)?.job.state }
        #expect(states.filter { $0 == .failed }.count == 1)
        let next = try #require(
            try fixture.catalogue.lease(LeaseRequest(worker: "test")).first)
        #expect(next.id == work.id)
        #expect(try fixture.catalogue.file(for: next)?.fileID != job.fileID)
        try fixture.catalogue.expectInvariants()
    }

    @Test func identifiesSeveralAtOnce() throws {
        let jobs = try fixture.catalogue.lease(limit: 16, owner: "test")
        #expect(jobs.count == 3)
        let answers = try fixture.catalogue.identified(
            zip(jobs, [1, 1, 2] as [UInt8]).map { ($0, CatalogueFixture.facts($1)) },
            wanting: CatalogueFixture.recipe)
        guard case .needsDescription(let first) = answers[0] else {
            Issue.record("\(answers[0])")
            return
        }
        #expect(first.asset == 1)
        #expect(answers[1] == .waiting(assetID: 1))
        guard case .needsDescription = answers[2] else {
            Issue.record("\(answers[2])")
            return
        }
        try fixture.catalogue.expectInvariants()
    }

    private func identified(_ job: LeasedJob, _ content: UInt8) throws -> Identification {
        try fixture.identify(job, as: content)
    }

    /// The work that a job leads to, whose file holds content 1; the test fails without.
    private func work(of job: LeasedJob) throws -> WorkLease {
        guard case .needsDescription(let work) = try identified(job, 1) else {
            throw FixtureError.superseded
        }
        return work
    }
}
