import Catalogue
import MediaDecoding
import Testing

@testable import Sidecars

@Suite struct SidecarMergeTests {
    private func merge(
        _ words: SidecarWords, _ there: SidecarFacts? = nil, _ last: SidecarBase? = nil,
        prefersHere: Bool = false
    ) -> SidecarMerge {
        SidecarMerge(
            words, into: there, last: last, writer: "Vignette", library: "mine", edition: "1",
            prefersHere: prefersHere)
    }

    private func facts(
        _ caption: String?, tags: [String] = [], record: SidecarRecord? = nil
    ) -> SidecarFacts {
        SidecarFacts(texts: EmbeddedTexts(caption: caption, keywords: tags), record: record)
    }

    private let model = SidecarWords(
        caption: .init("a boat", by: .model), modelTags: ["boat"], model: "tiny@1")

    @Test func aNewSidecarGetsEverything() {
        let made = merge(model)
        #expect(made.edit.caption == .init("a boat"))
        #expect(made.edit.alternativeText == .init("a boat"))
        #expect(made.edit.addedTags == [["boat"]])
        #expect(made.edit.record?.captionAuthor == .model && made.edit.record?.model == "tiny@1")
        #expect(made.conflicts.isEmpty)
    }

    @Test func nothingToSayMakesNoSidecar() {
        #expect(merge(SidecarWords(removedTags: ["boat"])).edit.isEmpty)
    }

    @Test func aTextOfSomebodyElseStaysBeforeAModels() {
        let made = merge(model, facts("Anna at the lake"))
        #expect(made.edit.caption == nil && made.conflicts.isEmpty)
        #expect(made.base.written.caption == nil)
    }

    @Test func aTextThatWasWrittenHereIsReplacedByANewerModels() {
        let first = merge(model)
        var newer = model
        newer.caption = .init("two boats", by: .model)
        let made = merge(
            newer, facts("a boat", tags: ["boat"], record: first.edit.record), first.base)
        #expect(made.edit.caption == .init("two boats", former: "a boat"))
    }

    @Test func aPersonsTextHereAndAnotherOneThereConflict() {
        var words = model
        words.caption = .init("Anna", by: .human)
        let made = merge(words, facts("Berta"))
        #expect(made.edit.caption == nil)
        #expect(made.conflicts == [.init(field: "caption", here: "Anna", there: "Berta")])
        #expect(merge(words, facts("Anna")).conflicts.isEmpty)
        let settled = merge(words, facts("Berta"), prefersHere: true)
        #expect(settled.edit.caption == .init("Anna", former: "Berta"))
        #expect(settled.conflicts.isEmpty)
    }

    @Test func whatSomebodyTookAwayElsewhereIsNotWrittenAgain() {
        let first = merge(model)
        let gone = facts(nil, tags: [], record: first.edit.record)
        let made = merge(model, gone, first.base)
        #expect(made.edit.caption == nil && made.edit.addedTags.isEmpty)
        #expect(made.base.refused == ["boat"])
        #expect(merge(model, gone, made.base).edit.isEmpty)
    }

    @Test func aPersonWhoWantsNoCaptionGetsNone() {
        let first = merge(model)
        var silent = model
        silent.caption = .init("", by: .human)
        let made = merge(
            silent, facts("a boat", tags: ["boat"], record: first.edit.record), first.base)
        #expect(made.edit.caption == .init(nil, former: "a boat"))
    }

    @Test func tagsMergeAsSets() {
        let words = SidecarWords(
            humanTags: ["Animals/Dog"], modelTags: ["boat", "sea"], removedTags: ["sky"])
        let made = merge(words, facts(nil, tags: ["Sky", "Boat", "Anna"]))
        #expect(made.edit.addedTags == [["Animals", "Dog"], ["sea"]])
        #expect(made.edit.removedTags == [["Sky"]])
        #expect(made.edit.record?.modelTags == ["sea"], "the boat was there before")
        #expect(made.edit.record?.humanTags == ["Animals/Dog", "Dog"])
    }

    @Test func aTagThatNobodyGivesAnyMoreIsTakenOutAgainWhereItWasWrittenHere() {
        let first = merge(model, facts(nil, tags: ["sea"]))
        let made = merge(
            SidecarWords(), facts(nil, tags: ["sea", "boat"], record: first.edit.record),
            first.base)
        #expect(made.edit.removedTags == [["boat"]])
    }

    @Test func anotherCataloguesPersonIsSomebodyElse() {
        let record = SidecarRecord(
            writer: "Vignette", library: "other", caption: "Anna", captionAuthor: .human)
        let made = merge(model, facts("Anna", record: record))
        #expect(made.edit.caption == nil)
        let byModel = SidecarRecord(
            writer: "Vignette", library: "other", caption: "a ship", captionAuthor: .model)
        #expect(merge(model, facts("a ship", record: byModel)).edit.caption?.text == "a boat")
    }

    @Test func whatWasWrittenAndNotNotedIsKnownByTheRecord() {
        var words = model
        words.caption = .init("Anna", by: .human)
        let first = merge(words)
        words.caption = .init("Anna and Berta", by: .human)
        let made = merge(words, facts("Anna", tags: ["boat"], record: first.edit.record))
        #expect(made.edit.caption == .init("Anna and Berta", former: "Anna"))
        #expect(made.conflicts.isEmpty)
    }

    @Test func aMergedSidecarNeedsNothingMore() {
        let first = merge(model, facts("Anna", tags: ["lake"]))
        let after = facts("Anna", tags: ["lake", "boat"], record: first.edit.record)
        #expect(merge(model, after, first.base).edit.isEmpty)
    }
}
