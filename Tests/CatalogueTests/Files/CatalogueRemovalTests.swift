@testable import Catalogue
import Foundation
import GRDB
import SystemPackage
import Testing
import WorkQueue

@Suite struct CatalogueRemovalTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1)
    }

    @Test func forgetsAFileAndItsAssetWhenTheGraceIsOver() throws {
        #expect(try expiry() == nil)
        try fixture.observe(.absent("a.jpg"), at: 10)
        #expect(try expiry() == CatalogueFixture.time(70))
        #expect(try remove(9) == RemovalOutcome())
        #expect(try fixture.show("a.jpg") != nil)
        let outcome = try remove(10)
        #expect(outcome.files == 1)
        #expect(outcome.assets == 1)
        #expect(try fixture.show("a.jpg") == nil)
        #expect(try fixture.catalogue.status().assets == 0)
        #expect(try fixture.catalogue.tags().isEmpty)
        #expect(try expiry() == nil)
        try fixture.catalogue.expectInvariants()
    }

    @Test func keepsAnAssetThatAFileInTheQueueMayStillClaim() throws {
        try fixture.observe(.absent("a.jpg"), at: 10)
        let moved = FileObservation.settled("b.jpg", CatalogueFixture.status(2, version: 2))
        try fixture.observe(moved, at: 11)
        #expect(try remove(80).assets == 0)
        #expect(try expiry() == nil)
        let job = try fixture.lease()
        #expect(
            try fixture.catalogue.identified(
                job, as: CatalogueFixture.facts(1), wanting: CatalogueFixture.recipe)
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
        #expect(try expiry() == CatalogueFixture.time(70))
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
        #expect(try expiry() == nil)
        try fixture.observe("again.jpg")
        try fixture.describeNext(as: 1)
        #expect(try fixture.show("again.jpg")?.asset?.caption == "Grandmother's boat")
    }

    @Test func keepsEverythingOfARootThatIsOffline() throws {
        try fixture.observe(.absent("a.jpg"), at: 10)
        try fixture.catalogue.setOffline(fixture.root.id, reason: "unmounted")
        #expect(try expiry() == nil)
        #expect(try remove(80) == RemovalOutcome())
        #expect(try fixture.show("a.jpg") != nil)
    }

    @Test func theGraceCountsAfterACompletedLook() throws {
        try fixture.observe(.absent("a.jpg"), at: 10)
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [CatalogueFixture.disk])
        #expect(try remove(1000) == RemovalOutcome(), "nobody has looked since")
        #expect(try expiry() == nil)
        try fixture.catalogue.lookedThrough(fixture.root.id, at: CatalogueFixture.time(500))
        #expect(try expiry() == CatalogueFixture.time(560))
        #expect(
            try fixture.catalogue.removeExpired(
                grace: .seconds(60), at: CatalogueFixture.time(559)) == RemovalOutcome())
        #expect(
            try fixture.catalogue.removeExpired(
                grace: .seconds(60), at: CatalogueFixture.time(560)
            ).files == 1)
    }

    @Test func aNewOwnerHasNotLookedYet() throws {
        try fixture.observe(.absent("a.jpg"), at: 10)
        fixture.catalogue.close()
        let owner = try Catalogue(at: fixture.path, access: .owner)
        #expect(try owner.removeAll(missingBy: CatalogueFixture.time(1000)) == RemovalOutcome())
        try owner.lookedThrough(fixture.root.id, at: CatalogueFixture.time(20))
        #expect(try owner.removeAll(missingBy: CatalogueFixture.time(1000)).files == 1)
    }

    @Test func removesManyFilesInSeveralTransactions() throws {
        let observations = (0..<3000).map {
            FileObservation.settled(
                FilePath("d/\($0).jpg"), CatalogueFixture.status(UInt64($0 + 9)))
        }
        _ = try fixture.catalogue.observe(observations, in: fixture.root.id)
        #expect(try fixture.observe(.absent("d"), at: 10).missing == 3000)
        #expect(try remove(80).files == 3000)
        #expect(try fixture.catalogue.status().roots.map(\.files) == [1])
        try fixture.catalogue.expectInvariants()
    }

    @Test func saysThatFilesAreQueuedBeforeAllThatIsMissingIsWrittenDown() throws {
        let old = (0..<3000).map {
            FileObservation.settled(
                FilePath("d/\($0).jpg"), CatalogueFixture.status(UInt64($0 + 9)))
        }
        _ = try fixture.catalogue.observe(old, in: fixture.root.id)
        var timesTold = 0
        let outcome = try fixture.catalogue.observe(
            [.settled("new.jpg", CatalogueFixture.status(5000)), .absent("d")], in: fixture.root.id
        ) {
            timesTold += 1
        }
        #expect(outcome.queued == 1)
        #expect(outcome.missing == 3000)
        #expect(timesTold == 1)
    }

    private func remove(_ time: Double) throws -> RemovalOutcome {
        try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(time))
    }

    /// When the grace of a minute is over next, as far as that is not behind the tenth second.
    private func expiry() throws -> Date? {
        try fixture.catalogue.nextWakeUp(after: CatalogueFixture.time(10), grace: .seconds(60))
    }
}
