import Foundation
import MediaDecoding
import SystemPackage
import Testing
import WorkQueue

@testable import Catalogue

/// What a person says of a picture, and that nothing takes it away.
@Suite struct CatalogueEditingTests {
    private let fixture: CatalogueFixture
    private let anna = EditAuthor(.terminal, name: "anna")

    init() throws {
        fixture = try CatalogueFixture()
    }

    private var catalogue: Catalogue { fixture.catalogue }

    private func asset(_ path: String = "a.jpg") throws -> AssetDetails {
        try #require(try fixture.show(path)?.asset)
    }

    private func describeOne(
        caption: String = "a violin", tags: [ModelTag] = ["violin", "dog"],
        texts: EmbeddedTexts = EmbeddedTexts()
    ) throws -> Int64 {
        try fixture.observe("a.jpg")
        return try fixture.describeNext(as: 1, caption: caption, tags: tags, texts: texts)
    }

    @Test func aPersonsWordCountsBeforeAllOthersAndHidesNone() throws {
        let written = EmbeddedTexts(caption: "IMG", keywords: ["Lake Garda"])
        let number = try describeOne(texts: written)
        let done = try catalogue.edit(
            [number], TextEdit(caption: .say(" Anna, at the lake\n"), given: ["Anna"]), by: anna)
        #expect(done.count == 1)
        let details = try asset()
        #expect(details.caption == "Anna, at the lake")
        #expect(details.captionSource == .human)
        #expect(details.descriptions.map(\.source) == [.human, .sidecar, .model])
        #expect(details.tags == ["Anna", "Lake Garda", "violin", "dog"])
        #expect(try fixture.found("anna") == ["a.jpg"])
        #expect(try catalogue.search(SearchQuery("", tags: ["anna"])).count == 1)
        try catalogue.expectInvariants()
    }

    @Test func whatAPersonDeniedIsNotSaid() throws {
        let number = try describeOne()
        try catalogue.edit([number], TextEdit(caption: .silence, taken: ["Violin"]), by: anna)
        let details = try asset()
        #expect(details.caption == nil && details.captionSource == nil)
        #expect(details.tags == ["dog"])
        #expect(try fixture.found("violin").isEmpty)
        #expect(try catalogue.search(SearchQuery("", tags: ["violin"])).isEmpty)
        #expect(try catalogue.tags(matching: "violin").isEmpty)
        try catalogue.expectInvariants()
    }

    @Test func aRemovedTagStaysRemovedWhoeverNamesItAgain() throws {
        let number = try describeOne()
        try catalogue.edit([number], TextEdit(taken: ["violin", "lake garda"]), by: anna)
        let next = Recipe(model: "tiny", version: "2", settings: [1])
        _ = try catalogue.redo(RedoSelection(includesCurrent: true), wanting: next)
        let work = try #require(try fixture.nextWork(at: 1))
        _ = try catalogue.complete(
            work, with: CatalogueFixture.result(tags: ["violin", "cat"], recipe: next),
            at: CatalogueFixture.time(2))
        try fixture.observe(
            .settled(FilePath("a.jpg.xmp"), CatalogueFixture.status(9)), at: 3)
        let facts = SidecarFacts(texts: EmbeddedTexts(keywords: ["Lake Garda", "sea"]))
        try fixture.readNext(facts, at: 3)
        #expect(try asset().tags == ["sea", "cat"])
        try catalogue.expectInvariants()
        try catalogue.edit([number], TextEdit(withdrawn: ["violin", "lake garda"]), by: anna)
        #expect(try asset().tags == ["sea", "Lake Garda", "violin", "cat"].sorted(by: order))
        try catalogue.expectInvariants()
    }

    /// Sidecars' tags before the model's, each in the order in which they came back.
    private func order(_ first: String, _ second: String) -> Bool {
        let ranks = ["sea": 0, "Lake Garda": 1, "cat": 2, "violin": 3]
        return ranks[first, default: 9] < ranks[second, default: 9]
    }

    @Test func theLastEditsAreTakenBackOneByOne() throws {
        let number = try describeOne()
        try catalogue.edit([number], TextEdit(caption: .say("one"), given: ["x"]), by: anna)
        try catalogue.edit([number], TextEdit(caption: .say("two"), taken: ["x", "dog"]), by: anna)
        #expect(try catalogue.undoLastEdit(of: number, by: anna)?.change.caption?.to == "two")
        #expect(try asset().caption == "one")
        #expect(try asset().tags == ["x", "violin", "dog"])
        #expect(try catalogue.undoLastEdit(of: number, by: anna)?.change.caption?.to == "one")
        #expect(try asset().caption == "a violin")
        #expect(try asset().tags == ["violin", "dog"])
        #expect(try catalogue.undoLastEdit(of: number, by: anna) == nil)
        let records = try catalogue.edits(of: number)
        #expect(records.map(\.isUndone) == [true, true, false, false])
        #expect(records.allSatisfy { $0.author == anna })
    }

    @Test func whoHasNotSeenTheLastEditChangesNothing() throws {
        let number = try describeOne()
        try catalogue.edit([number], TextEdit(caption: .say("one")), by: anna, seen: 0)
        #expect(throws: CatalogueError.self) {
            try catalogue.edit([number], TextEdit(caption: .say("two")), by: anna, seen: 0)
        }
        #expect(try asset().caption == "one")
        let last = try #require(try catalogue.edits(of: number).last?.number)
        try catalogue.edit([number], TextEdit(caption: .say("two")), by: anna, seen: last)
        #expect(try asset().caption == "two")
    }

    @Test func anEditThatChangesNothingLeavesNoTrace() throws {
        let number = try describeOne()
        try catalogue.edit([number], TextEdit(caption: .say("one")), by: anna)
        let again = try catalogue.edit([number, number], TextEdit(caption: .say("one")), by: anna)
        #expect(again.isEmpty)
        #expect(try catalogue.edits(of: number).count == 1)
    }

    @Test(arguments: [
        TextEdit(caption: .say(" \n")), TextEdit(given: [""]), TextEdit(given: ["two\nlines"]),
        TextEdit(given: ["Dog"], taken: ["dog"]),
        TextEdit(title: .say(String(repeating: "a", count: TextEdit.mostTextBytes + 1))),
        TextEdit(taken: [String(repeating: "a", count: TextEdit.mostTagBytes + 1)]),
        TextEdit(given: (0...TextEdit.mostTags).map { "tag \($0)" }),
    ])
    func refusesWhatMakesNoSense(edit: TextEdit) throws {
        let number = try describeOne()
        #expect(throws: CatalogueError.self) { try catalogue.edit([number], edit, by: anna) }
        #expect(try catalogue.edits(of: number).isEmpty)
    }

    @Test func wordsStayWhenTheFileGoesAndComesBack() throws {
        let number = try describeOne()
        try catalogue.edit([number], TextEdit(caption: .silence, taken: ["dog"]), by: anna)
        try catalogue.edit([number], TextEdit(caption: .withdraw), by: anna)
        try fixture.observe(.absent("a.jpg"), at: 10)
        _ = try catalogue.removeExpired(grace: .seconds(1), at: CatalogueFixture.time(1000))
        _ = try catalogue.removeExpired(grace: .seconds(1), at: CatalogueFixture.time(2000))
        #expect(try fixture.show("a.jpg") == nil)
        try fixture.observe("b.jpg", at: 3000)
        try fixture.describeNext(as: 1, at: 3000)
        #expect(try asset("b.jpg").tags == ["violin"])
    }

    @Test func wordsGoToThePictureThatStandsForTheEditedOne() throws {
        try fixture.observe("a.nef")
        let raw = try fixture.lease()
        let capture = CaptureFacts(takenAt: "2024-07-26T18:03:11")
        var facts = CatalogueFixture.facts(2, capture: capture)
        facts.isRaw = true
        let found = try catalogue.identified(raw, as: facts, wanting: CatalogueFixture.recipe)
        guard case .needsDescription(let work) = found else { throw FixtureError.superseded }
        _ = try catalogue.complete(work, with: CatalogueFixture.result(tags: ["boat", "sea"]))
        try catalogue.edit(
            [work.asset], TextEdit(caption: .say("mine"), given: ["me"], taken: ["sea"]), by: anna)
        try fixture.observe(.settled("a.jpg", CatalogueFixture.status(7)), at: 1)
        try fixture.describeNext(as: 1, tags: ["boat", "sea"], capture: capture, at: 1)
        #expect(try asset("a.jpg").caption == "mine")
        #expect(try asset("a.jpg").tags == ["me", "boat"])
        #expect(try asset("a.nef").caption == "mine")
        try catalogue.edit([work.asset], TextEdit(caption: .say("ours")), by: anna)
        #expect(try asset("a.jpg").caption == "ours")
        try catalogue.expectInvariants()
    }

    @Test func filtersTellWhoseWordItIs() throws {
        let number = try describeOne()
        func count(_ filter: SearchCondition) throws -> Int {
            try catalogue.search(SearchQuery("", filters: [SearchFilter(filter)])).count
        }
        try catalogue.edit([number], TextEdit(caption: .say("mine")), by: anna)
        #expect(try count(.captionBy(.human)) == 1 && count(.captionBy(.model)) == 0)
        try catalogue.edit([number], TextEdit(caption: .silence), by: anna)
        #expect(try count(.captionBy(.human)) == 0 && count(.captionBy(.model)) == 0)
        #expect(try count(.lacks(.caption)) == 1)
    }
}
