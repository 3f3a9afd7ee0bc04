@testable import Catalogue
import Foundation
import GRDB
import SystemPackage
import Testing
import WorkQueue

@Suite struct CatalogueRedoTests {
    let fixture: CatalogueFixture
    private let newer = Recipe(model: "large", version: "2", settings: [4])

    /// Three described files, at the seconds 1 to 3.
    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a/1.jpg", "a/b/2.jpg", "3.jpg")
        for content in 1...3 as ClosedRange<UInt8> {
            try fixture.describeNext(
                as: content, tags: content == 3 ? ["sea"] : ["boat"], at: Double(content))
        }
    }

    @Test(
        arguments: [
            (RedoSelection(), 3), (RedoSelection(paths: ["/photos/a"]), 2),
            (RedoSelection(paths: ["/photos/a/b/2.jpg", "/photos/3.jpg"]), 2),
            (RedoSelection(paths: ["/photos/3.jpg"], tag: "boat"), 0),
            (RedoSelection(describedBy: "tiny"), 3), (RedoSelection(describedBy: "other"), 0),
            (RedoSelection(before: CatalogueFixture.time(3)), 2), (RedoSelection(tag: "sea"), 1),
            (RedoSelection(paths: ["/elsewhere"]), 0),
        ] as [(RedoSelection, Int)])
    func asksForWhatIsSelected(_ selection: RedoSelection, _ count: Int) throws {
        #expect(try fixture.catalogue.redoCandidates(selection, wanting: newer) == count)
        #expect(try fixture.catalogue.redo(selection, wanting: newer) == count)
        #expect(try fixture.catalogue.pending().redo == count)
        #expect(try fixture.catalogue.redo(selection, wanting: newer) == 0, "it is wanted already")
    }

    @Test func leavesOutWhatTheRecipeHasDescribed() throws {
        let recipe = CatalogueFixture.recipe
        #expect(try fixture.catalogue.redo(RedoSelection(), wanting: recipe) == 0)
        let all = RedoSelection(includesCurrent: true)
        #expect(try fixture.catalogue.redo(all, wanting: recipe) == 3)
    }

    @Test func countsWhatOtherRecipesHaveDescribed() throws {
        let catalogue = fixture.catalogue
        #expect(try catalogue.olderDescriptions(than: CatalogueFixture.recipe) == 0)
        #expect(try catalogue.olderDescriptions(than: newer) == 3)
        _ = try catalogue.redo(RedoSelection(paths: ["/photos/3.jpg"]), wanting: newer)
        let work = try #require(try fixture.nextWork(at: 9))
        let result = CatalogueFixture.result(recipe: newer)
        #expect(try catalogue.complete(work, with: result, at: CatalogueFixture.time(9)))
        #expect(try catalogue.olderDescriptions(than: newer) == 2)
        #expect(try catalogue.olderDescriptions(than: CatalogueFixture.recipe) == 0)
        try fixture.observe(.absent("3.jpg"), at: 10)
        try fixture.observe(.absent("a/1.jpg"), at: 10)
        _ = try catalogue.removeAll(missingBy: CatalogueFixture.time(11))
        for recipe in [newer, CatalogueFixture.recipe] {
            #expect(
                try catalogue.olderDescriptions(than: recipe)
                    == catalogue.redoCandidates(RedoSelection(), wanting: recipe))
        }
    }

    @Test func keepsTheOldTextUntilTheNewOneIsStored() throws {
        try fixture.catalogue.write {
            try $0.execute(
                sql: """
                    INSERT INTO asset_tag (asset_id, tag_id, source) SELECT 1, id, 'human' FROM tag
                    WHERE name = 'boat'
                    """)
        }
        _ = try fixture.catalogue.redo(RedoSelection(paths: ["/photos/a/1.jpg"]), wanting: newer)
        let work = try #require(try fixture.nextWork(at: 9))
        #expect(work.priority == .redo)
        #expect(work.recipe == newer)
        #expect(try fixture.show("a/1.jpg")?.asset?.caption == "a boat")
        #expect(try fixture.show("a/1.jpg")?.job.state == .done)
        let result = CatalogueFixture.result(caption: "a ship", tags: ["ship"], recipe: newer)
        #expect(try fixture.catalogue.complete(work, with: result, at: CatalogueFixture.time(9)))
        #expect(try fixture.show("a/1.jpg")?.asset?.caption == "a ship")
        #expect(Set(try fixture.show("a/1.jpg")?.asset?.tags ?? []) == ["boat", "ship"])
        #expect(try fixture.found("ship") == ["a/1.jpg"])
        #expect(try fixture.catalogue.pending() == PendingWork())
        try fixture.catalogue.expectInvariants()
    }

    @Test func newPicturesGoFirst() throws {
        _ = try fixture.catalogue.redo(RedoSelection(), wanting: newer)
        try fixture.observe(.settled("new.jpg", CatalogueFixture.status(9, changed: -9)))
        try fixture.catalogue.release(try fixture.leaseWork(as: 9))
        #expect(try fixture.nextWork()?.priority == .new)
        #expect(try fixture.nextWork()?.priority == .redo)
    }

    @Test func givesUpOnlyTheNewText() throws {
        _ = try fixture.catalogue.redo(RedoSelection(tag: "sea"), wanting: newer)
        let work = try #require(try fixture.nextWork())
        let failure = WorkFailure(reason: "too large", retryAfter: nil)
        #expect(try fixture.catalogue.fail(work, failure) == .failed)
        #expect(try fixture.show("3.jpg")?.job.state == .done)
        #expect(try fixture.show("3.jpg")?.asset?.caption == "a boat")
        #expect(try fixture.catalogue.redo(RedoSelection(tag: "sea"), wanting: newer) == 1)
    }
}
