@testable import Catalogue
import Foundation
import GRDB
import SystemPackage
import Testing

@Suite struct CatalogueRemovalTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1)
    }

    @Test func forgetsAFileAndItsAssetWhenTheGraceIsOver() throws {
        #expect(try fixture.catalogue.earliestExpiry() == nil)
        try fixture.observe(.absent("a.jpg"), at: 10)
        #expect(try fixture.catalogue.earliestExpiry() == CatalogueFixture.time(10))
        #expect(try remove(9) == RemovalOutcome())
        #expect(try fixture.show("a.jpg") != nil)
        let outcome = try remove(10)
        #expect(outcome.files == 1)
        #expect(outcome.assets == 1)
        #expect(try fixture.show("a.jpg") == nil)
        #expect(try fixture.catalogue.status().assets == 0)
        #expect(try fixture.catalogue.tags().isEmpty)
        #expect(try fixture.catalogue.earliestExpiry() == nil)
        try fixture.catalogue.expectInvariants()
    }

    @Test func keepsAnAssetThatAFileInTheQueueMayStillClaim() throws {
        try fixture.observe(.absent("a.jpg"), at: 10)
        let moved = FileObservation.settled("b.jpg", CatalogueFixture.status(2, version: 2))
        try fixture.observe(moved, at: 11)
        #expect(try remove(80).assets == 0)
        #expect(try fixture.catalogue.earliestExpiry() == nil)
        let job = try fixture.lease()
        #expect(
            try fixture.catalogue.identified(job, as: CatalogueFixture.facts(1))
                == .described(assetID: 1))
        #expect(try remove(80).assets == 0)
        #expect(try fixture.found("boat") == ["b.jpg"])
    }

    @Test func removesWhatNobodyClaimedOnceTheQueueIsDry() throws {
        try fixture.observe(.absent("a.jpg"), at: 10)
        try fixture.observe(
            .settled("b.jpg", CatalogueFixture.status(2, version: 2)), at: 11)
        #expect(try remove(80).assets == 0)
        try fixture.describeNext(as: 2)
        #expect(try fixture.catalogue.earliestExpiry() == CatalogueFixture.time(10))
        #expect(try remove(80).assets == 1)
        try fixture.catalogue.expectInvariants()
    }

    @Test func keepsAnAssetThatAPersonHasDescribed() throws {
        try fixture.catalogue.write {
            try $0.execute(
                sql: """
                    INSERT INTO description (asset_id, source, prompt, text)
                    VALUES (1, 'human', 'caption', 'Grandmother''s boat')
                    """)
        }
        try fixture.observe(.absent("a.jpg"), at: 10)
        let outcome = try remove(80)
        #expect(outcome.files == 1)
        #expect(outcome.assets == 0)
        #expect(try fixture.catalogue.earliestExpiry() == nil)
        try fixture.observe("again.jpg")
        try fixture.describeNext(as: 1)
        #expect(try fixture.show("again.jpg")?.asset?.caption == "Grandmother's boat")
    }

    @Test func keepsEverythingOfARootThatIsOffline() throws {
        try fixture.observe(.absent("a.jpg"), at: 10)
        try fixture.catalogue.setOffline(fixture.root.id, reason: "unmounted")
        #expect(try fixture.catalogue.earliestExpiry() == nil)
        #expect(try remove(80) == RemovalOutcome())
        #expect(try fixture.show("a.jpg") != nil)
    }

    @Test func freesThoseWhoWaitedForAFileThatIsGone() throws {
        try fixture.observe("a.jpg", "b.jpg", "c.jpg")
        let first = try fixture.lease()
        let second = try fixture.lease()
        _ = try fixture.catalogue.identified(first, as: CatalogueFixture.facts(5))
        #expect(
            try fixture.catalogue.identified(second, as: CatalogueFixture.facts(5))
                == .beingDescribed(assetID: 2))
        try fixture.observe(.absent(first.relativePath), at: 10)
        #expect(try remove(80).files == 1)
        #expect(try fixture.lease().id == second.id)
        try fixture.catalogue.expectInvariants()
    }

    private func remove(_ time: Double) throws -> RemovalOutcome {
        try fixture.catalogue.removeExpired(missingBefore: CatalogueFixture.time(time))
    }
}
