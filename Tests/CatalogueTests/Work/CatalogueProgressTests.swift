@testable import Catalogue
import Foundation
import GRDB
import SystemPackage
import Testing
import WorkQueue

@Suite struct CatalogueProgressTests {
    private let fixture: CatalogueFixture
    private let recipe = CatalogueFixture.recipe
    private let other = Recipe(model: "other", version: "1", settings: [1])

    init() throws {
        fixture = try CatalogueFixture()
    }

    private func note(
        _ kind: DoneWork.Kind, _ priority: WorkPriority, items: Int, seconds: Double,
        minute: Int = 0
    ) throws {
        try fixture.catalogue.noteDone(
            [DoneWork(kind, priority, items: items, seconds: seconds)], by: recipe,
            at: CatalogueFixture.time(Double(60 * minute)))
    }

    @Test func newAndRedoneWorkAreCountedApart() throws {
        try fixture.observe("1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg", "6.jpg")
        try fixture.describeNext(as: 1)
        try fixture.describeNext(as: 2)
        try note(.still, .new, items: 2, seconds: 2)
        _ = try fixture.catalogue.redo(RedoSelection(), wanting: other)
        var progress = try fixture.catalogue.progress()
        #expect(progress.new == WorkProgress.Part(done: 2, left: 4))
        #expect(progress.redo.left == 2)
        try note(.still, .new, items: 2, seconds: 6)
        progress = try fixture.catalogue.progress()
        #expect(progress.new == WorkProgress.Part(done: 4, left: 4, rate: 0.5, secondsLeft: 8))
        #expect(progress.redo == WorkProgress.Part(left: 2, secondsLeft: 4))
    }

    @Test func isKeptAcrossARestart() throws {
        try fixture.observe("1.jpg", "2.jpg")
        try note(.unseen, .new, items: 10, seconds: 20)
        fixture.catalogue.close()
        let again = try Catalogue(at: fixture.catalogue.path, access: .reader)
        #expect(
            try again.progress(by: recipe).new
                == WorkProgress.Part(done: 10, left: 2, rate: 0.5, secondsLeft: 4))
    }

    @Test func anotherModelHasAnotherRate() throws {
        try fixture.observe("1.jpg")
        try note(.still, .new, items: 10, seconds: 20)
        #expect(try fixture.catalogue.progress(by: other).new.rate == nil)
        #expect(try fixture.catalogue.progress(by: other).new.secondsLeft == nil)
        #expect(try fixture.catalogue.progress().new.rate == 0.5)
    }

    @Test func countingBeginsAnewWhenNothingWasLeft() throws {
        try fixture.observe("1.jpg")
        try note(.still, .new, items: 5, seconds: 5)
        try fixture.describeNext(as: 1)
        try note(.still, .new, items: 1, seconds: 1)
        #expect(try fixture.catalogue.progress().new.done == 6)
        try fixture.observe(.settled("2.jpg", CatalogueFixture.status(2)))
        try fixture.describeNext(as: 2)
        try note(.still, .new, items: 1, seconds: 1)
        #expect(try fixture.catalogue.progress().new.done == 1)
    }

    @Test func keepsTheLastHourOfWork() throws {
        for minute in 0..<90 { try note(.still, .new, items: 1, seconds: 1, minute: minute) }
        let minutes = try fixture.catalogue.read {
            try Int.fetchAll($0, sql: "SELECT minute FROM pace ORDER BY minute")
        }
        #expect(minutes.count == 60)
        let first = try #require(minutes.first)
        let last = try #require(minutes.last)
        #expect(last - first == 59)
    }

    @Test func clipsAreLeftByWhatClipsCost() throws {
        try fixture.observe("1.mp4")
        let job = try #require(try fixture.catalogue.leaseNext())
        let facts = CatalogueFixture.facts(1, kind: .video)
        let answer = try fixture.catalogue.identified(job, as: facts, wanting: recipe)
        guard case .needsDescription = answer else {
            Issue.record("\(answer)")
            return
        }
        try note(.still, .new, items: 10, seconds: 10)
        #expect(try fixture.catalogue.progress().new.secondsLeft == nil)
        try note(.clip, .new, items: 1, seconds: 70)
        #expect(try fixture.catalogue.progress().new.secondsLeft == 70)
        try fixture.catalogue.expectInvariants()
    }
}
