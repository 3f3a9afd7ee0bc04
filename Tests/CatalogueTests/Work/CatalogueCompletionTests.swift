@testable import Catalogue
import Foundation
import GRDB
import SystemPackage
import Testing
import WorkQueue

@Suite struct CatalogueCompletionTests {
    let fixture: CatalogueFixture
    let work: WorkLease

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a.jpg")
        let answer = try fixture.catalogue.identified(
            try fixture.lease(), as: CatalogueFixture.facts(1, kind: .video),
            wanting: CatalogueFixture.recipe)
        guard case .needsDescription(let work) = answer else { throw FixtureError.superseded }
        self.work = work
    }

    @Test func storesTextsTagsAndTokens() throws {
        let result = DescribedAsset(
            recipe: CatalogueFixture.recipe,
            texts: [
                ModelText(prompt: "caption", text: " a boat\0 leaves "),
                ModelText(
                    prompt: "caption", text: "a pier", span: ClipSpan(start: 0, end: 1.5)),
            ], tags: ["boat", "sea", "boat", " "],
            tokens: (0..<3).map { VisionToken(second: Double($0), elements: [1, Float($0)]) })
        #expect(try fixture.catalogue.complete(work, with: result))
        let asset = try #require(try fixture.show("a.jpg")?.asset)
        #expect(asset.caption == "a boat leaves")
        #expect(asset.descriptions.map(\.span) == [nil, ClipSpan(start: 0, end: 1.5)])
        #expect(asset.descriptions.first?.recipe == CatalogueFixture.recipe)
        #expect(asset.tags == ["boat", "sea"])
        #expect(asset.tokenCount == 3)
        #expect(asset.tokenWidth == 2)
        #expect(try fixture.catalogue.tokens(of: 1) == result.tokens)
        #expect(try fixture.found("pier") == ["a.jpg"])
        try fixture.catalogue.expectInvariants()
    }

    @Test func keepsTheProbabilityOfEachTag() throws {
        let result = CatalogueFixture.result(tags: [
            ModelTag("boat", probability: 0.75), ModelTag("sea", probability: 1.5), "sky",
        ])
        #expect(try fixture.catalogue.complete(work, with: result))
        let asset = try #require(try fixture.show("a.jpg")?.asset)
        #expect(asset.tagDetails.map(\.probability) == [0.75, 1, nil])
        let hit = try #require(try fixture.catalogue.search(SearchQuery("boat")).first)
        #expect(hit.tagDetails.map(\.probability) == [0.75, 1, nil])
    }

    @Test func takesNoteOfTheProgressWhereTheResultIsStoredAndNowhereElse() throws {
        let done = DoneWork(.clip, .new, items: 1, seconds: 2)
        let isStored = try fixture.catalogue.complete(
            work, with: CatalogueFixture.result(), noting: { done })
        #expect(isStored)
        #expect(try fixture.catalogue.progress().new.done == 1)
        let isStoredAgain = try fixture.catalogue.complete(
            work, with: CatalogueFixture.result(), noting: { done })
        #expect(!isStoredAgain)
        #expect(try fixture.catalogue.progress().new.done == 1)
    }

    @Test func storesTokensThatComeOneByOne() throws {
        var result = CatalogueFixture.result()
        result.tokens = []
        let isStored = try fixture.catalogue.complete(work, with: result) { store in
            for second in 0..<5 {
                try store(VisionToken(second: Double(second), elements: [Float(second), 2]))
            }
        }
        #expect(isStored)
        #expect(try fixture.catalogue.tokens(of: 1).map(\.second) == [0, 1, 2, 3, 4])
    }

    @Test func tokensThatEndInAnErrorStoreNothing() throws {
        #expect(throws: CatalogueError.self) {
            try fixture.catalogue.complete(
                work, with: CatalogueFixture.result()
            ) { store in
                try store(VisionToken(second: 0, elements: [1]))
                throw CatalogueError.invalid(reason: "no more")
            }
        }
        #expect(try !fixture.catalogue.isDescribed(1))
        #expect(try fixture.catalogue.tokens(of: 1).isEmpty)
        #expect(try complete("a boat"))
    }

    @Test func storesNothingTwice() throws {
        #expect(try complete("a boat"))
        #expect(try !complete("a car"))
        #expect(try fixture.show("a.jpg")?.asset?.descriptions.map(\.text) == ["a boat"])
    }

    @Test func endsTheJobsOfTheFilesThatWait() throws {
        #expect(try fixture.show("a.jpg")?.job.state == .leased)
        #expect(try fixture.catalogue.pending().new == 1)
        #expect(try complete("a boat"))
        #expect(try fixture.show("a.jpg")?.job.state == .done)
        #expect(try fixture.catalogue.pending() == PendingWork())
    }

    @Test func leavesAFileThatChangedMeanwhileInTheQueue() throws {
        try fixture.observe(.settled("a.jpg", CatalogueFixture.status(1, version: 2)))
        #expect(try complete("a boat"), "the words are of the picture, wherever it is")
        #expect(try fixture.show("a.jpg")?.asset == nil)
        #expect(try fixture.catalogue.pending().files == 1)
        try fixture.catalogue.expectInvariants()
    }

    @Test func putsAPersonsWordFirstAndLeavesItAlone() throws {
        try fixture.catalogue.write { database in
            for (source, text) in [("sidecar", "from a file"), ("human", "my own words")] {
                try database.execute(
                    sql: """
                        INSERT INTO description (asset_id, source, prompt, text)
                        VALUES (1, ?, 'caption', ?)
                        """, arguments: [source, text])
            }
        }
        #expect(try complete("a boat"))
        let asset = try #require(try fixture.show("a.jpg")?.asset)
        #expect(asset.caption == "my own words")
        #expect(asset.descriptions.map(\.source) == [.human, .sidecar, .model])
        #expect(try fixture.found("own words") == ["a.jpg"])
        #expect(try fixture.found("boat") == ["a.jpg"], "the model's tag still counts")
    }

    @Test func stopsAtATokenThatCannotBeStored() throws {
        var result = CatalogueFixture.result()
        result.tokens = [VisionToken(elements: [.infinity])]
        #expect(throws: CatalogueError.self) {
            try fixture.catalogue.complete(work, with: result)
        }
        #expect(try complete("a boat"), "the lease still stands")
    }

    @Test func takesARecipeWithoutSettings() throws {
        let recipe = Recipe(model: "bare", version: "", settings: [])
        let result = CatalogueFixture.result(recipe: recipe)
        #expect(try fixture.catalogue.complete(work, with: result))
        #expect(try fixture.catalogue.status().models.map(\.model) == ["bare"])
    }

    private func complete(_ caption: String) throws -> Bool {
        try fixture.catalogue.complete(
            work, with: CatalogueFixture.result(caption: caption))
    }
}
