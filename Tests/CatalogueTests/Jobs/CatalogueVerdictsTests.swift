import FileSystem
import Foundation
import SystemPackage
import Testing
import WorkQueue

@testable import Catalogue

@Suite struct CatalogueVerdictsTests {
    private let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
    }

    @Test func verdictsOfOlderCodecsAreTriedAgainOnce() throws {
        try fixture.observe("a.jpg", "b.jpg", "c.jpg", "d.jpg")
        for codecs in [1, 2, nil, 1] {
            try fixture.catalogue.fail(
                fixture.lease(), reason: "no picture", retryAfter: nil, codecs: codecs)
        }
        #expect(try fixture.catalogue.retryVerdicts(olderThan: 1) == 0)
        #expect(try fixture.catalogue.retryVerdicts(olderThan: 2) == 2)
        #expect(try fixture.catalogue.retryVerdicts(olderThan: 2) == 0)
        #expect(try fixture.catalogue.pending().files == 2)
        #expect(try fixture.catalogue.failures().count == 2, "theirs, and what is not the codecs'")
        try fixture.catalogue.expectInvariants()
    }

    @Test func aVerdictOnPixelsIsOneToo() throws {
        try fixture.observe("a.jpg")
        let work = try fixture.leaseWork(as: 1)
        _ = try fixture.catalogue.fail(
            work, WorkFailure(reason: "is damaged", retryAfter: nil, codecs: 1), at: .now)
        #expect(try fixture.show("a.jpg")?.job.state == .failed)
        #expect(try fixture.catalogue.retryVerdicts(olderThan: 2) == 1)
        #expect(try fixture.show("a.jpg")?.job.state == .queued)
        try fixture.describeNext(as: 1)
        #expect(try fixture.show("a.jpg")?.job.state == .done)
        #expect(try fixture.catalogue.retryVerdicts(olderThan: 9) == 0)
        try fixture.catalogue.expectInvariants()
    }

    @Test func manyAreQueuedInSlices() throws {
        for folder in 0..<3 {
            let observations = (0..<200).map { number in
                FileObservation.settled(
                    FilePath("\(folder)/\(number).jpg"),
                    CatalogueFixture.status(UInt64(folder * 1000 + number)))
            }
            _ = try fixture.catalogue.observe(observations, in: fixture.root.id)
        }
        for job in try fixture.catalogue.lease(limit: 600, owner: "test") {
            try fixture.catalogue.fail(job, reason: "no picture", retryAfter: nil, codecs: 0)
        }
        #expect(try fixture.catalogue.retryVerdicts(olderThan: 1) == 600)
        try fixture.catalogue.expectInvariants()
    }
}
