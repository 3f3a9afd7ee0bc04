import Foundation
import MediaDecoding
import SystemPackage
import Testing

@testable import Catalogue

@Suite struct CatalogueSidecarWritesTests {
    private func write(_ fixture: CatalogueFixture, _ asset: Int64) throws -> SidecarTask {
        try #require(try fixture.catalogue.sidecarTasks(ofAssets: [asset]).first?.task)
    }

    @Test func aTaskHasWhatPeopleAndTheModelSay() throws {
        let fixture = try CatalogueFixture()
        try fixture.observe("a.jpg", "b.jpg")
        let first = try fixture.describeNext(as: 1)
        try fixture.describeNext(as: 2, caption: "a goat", tags: [])
        try fixture.catalogue.edit(
            [first], TextEdit(caption: .say("Anna"), given: ["Lake"], taken: ["boat"]),
            by: EditAuthor(.terminal, name: "anna"))
        let tasks = try fixture.catalogue.sidecarTasks().tasks
        #expect(Set(tasks.map(\.path)) == ["a.jpg", "b.jpg"])
        let task = try write(fixture, first)
        #expect(task.words.caption == .init("Anna", by: .human))
        #expect(task.words.humanTags == ["Lake"] && task.words.modelTags.isEmpty)
        #expect(task.words.removedTags == ["boat"] && task.words.model == nil)
        let page = try fixture.catalogue.sidecarTasks(limit: 1)
        #expect(page.count == 1 && page.next != nil)
    }

    @Test func conflictsAndFailuresStandUntilTheNextWrite() throws {
        let fixture = try CatalogueFixture()
        try fixture.observe("a.jpg")
        let task = try write(fixture, fixture.describeNext(as: 1))
        let conflict = SidecarConflict(field: "caption", here: "a", there: "b")
        let done = SidecarWrite(content: [1], words: [2], base: SidecarBase(tags: ["boat"]))
        try fixture.catalogue.record(done, of: task.file, conflicts: [conflict])
        try fixture.catalogue.note(failure: "no room", of: task.file)
        #expect(try fixture.catalogue.sidecarConflicts().map(\.conflict) == [conflict])
        #expect(try fixture.catalogue.sidecarConflicts(below: ["/elsewhere"]).isEmpty)
        #expect(try fixture.catalogue.sidecarFailures().map(\.reason) == ["no room"])
        try fixture.catalogue.begin(SidecarBase(tags: ["sea"]), of: task.file)
        var expected = done
        expected.failure = "no room"
        expected.next = SidecarBase(tags: ["sea"])
        #expect(try fixture.catalogue.sidecarTasks().tasks.first?.last == expected)
        try fixture.catalogue.record(done, of: task.file, conflicts: [])
        #expect(try fixture.catalogue.sidecarTasks().tasks.first?.last == done)
        #expect(try fixture.catalogue.sidecarConflicts().isEmpty)
        #expect(try fixture.catalogue.sidecarFailures().isEmpty)
        #expect(try fixture.catalogue.sidecarCounts() == (1, 0, 1))
        try fixture.observe(.absent("a.jpg"), at: 1)
        #expect(try fixture.catalogue.sidecarCounts() == (0, 0, 0), "what was moved counts once")
    }

    @Test func whatIsDueIsListedOnlyWhereSidecarsAreWrittenByThemselves() throws {
        let fixture = try CatalogueFixture()
        let due = { try fixture.catalogue.sidecarsDue(limit: 10).map(\.asset) }
        try fixture.observe("a.jpg", "b.jpg")
        let first = try fixture.describeNext(as: 1)
        #expect(try due().isEmpty)
        try fixture.catalogue.writesSidecars(true)
        #expect(try due() == [first], "what was described before")
        let second = try fixture.describeNext(as: 2)
        #expect(try due() == [first, second])
        let stamps = try fixture.catalogue.sidecarsDue(limit: 10).map(\.stamp)
        // It changes between being read and being done.
        try fixture.catalogue.edit(
            [first], TextEdit(taken: ["boat"]), by: EditAuthor(.terminal, name: "anna"))
        try fixture.catalogue.sidecarsDone(stamps)
        #expect(try due() == [first])
        try fixture.catalogue.writesSidecars(false)
        #expect(try due().isEmpty)
    }

    @Test func aSidecarsWordMakesNothingDue() throws {
        let fixture = try CatalogueFixture()
        try fixture.observe("a.jpg", "a.jpg.xmp")
        try fixture.describeNext(as: 1)
        try fixture.catalogue.writesSidecars(true)
        try fixture.catalogue.sidecarsDone(
            fixture.catalogue.sidecarsDue(limit: 10).map(\.stamp))
        try fixture.readNext(
            SidecarFacts(texts: EmbeddedTexts(caption: "Anna", keywords: ["lake"])))
        #expect(try fixture.show("a.jpg")?.asset?.caption == "Anna")
        #expect(try fixture.catalogue.sidecarsDue(limit: 10).isEmpty)
        #expect(try fixture.catalogue.rereadSidecars(isDryRun: true) == 1)
        #expect(try fixture.catalogue.rereadSidecars() == 1)
        #expect(try fixture.nextJob()?.isSidecar == true)
    }
}
