import MediaDecoding
import Testing

@testable import Catalogue

/// What of a sidecar's words is Vignette's own.
@Suite struct SidecarBaseTests {
    private func facts(
        _ caption: String?, _ tags: [String] = [], paths: [[String]] = [],
        record: SidecarRecord? = nil
    ) -> SidecarFacts {
        SidecarFacts(
            texts: EmbeddedTexts(caption: caption, keywords: tags, keywordPaths: paths),
            record: record)
    }

    @Test func somebodyElsesWordsAreAll() {
        let facts = facts("Anna", ["lake"])
        #expect(facts.words(besides: nil) == facts.texts)
    }

    @Test func whatAnyModelWroteIsNobodysWord() {
        let record = SidecarRecord(
            writer: "Vignette", library: "other", caption: "a boat", captionAuthor: .model,
            alternativeText: "a boat", modelTags: ["boat", "Sea/Boat"])
        var said = facts("a boat", ["boat", "lake"], paths: [["Sea", "Boat"]], record: record)
        said.texts.alternativeText = "a boat"
        #expect(said.words(besides: nil) == EmbeddedTexts(keywords: ["lake"]))
        said.texts.caption = "Anna's boat"
        #expect(said.words(besides: nil).caption == "Anna's boat", "it was changed")
    }

    @Test func aPersonsWordsFromAnotherCatalogueCountAndFromThisOneDoNot() {
        let record = SidecarRecord(
            writer: "Vignette", library: "mine", edition: "1", caption: "Anna",
            captionAuthor: .human, humanTags: ["Friends"])
        let said = facts("Anna", ["Friends", "lake"], record: record)
        #expect(said.words(besides: nil) == said.texts)
        let base = SidecarBase(written: record, tags: ["friends", "lake"])
        #expect(said.words(besides: base) == EmbeddedTexts(keywords: ["lake"]))
    }

    @Test func aTagThatWasTakenOutAndPutBackElsewhereIsSomebodysWord() {
        let record = SidecarRecord(
            writer: "Vignette", library: "mine", edition: "1", modelTags: ["boat"])
        var known = record
        known.modelTags = []
        let base = SidecarBase(written: known, tags: [], refused: ["boat"])
        #expect(facts(nil, ["boat"], record: record).words(besides: base).keywords == ["boat"])
    }

    @Test func aBaseSurvivesItsStorage() throws {
        let base = SidecarBase(
            written: SidecarRecord(caption: "a", captionAuthor: .model), tags: ["b"],
            refused: ["c"], kept: ["d"])
        #expect(SidecarBase(stored: try base.stored()) == base)
        #expect(SidecarBase(stored: "{") == nil && SidecarBase(stored: nil) == nil)
    }
}
