import FileSystem
import Foundation
import TestSupport
import Testing
import WorkQueue

@testable import Catalogue

@Suite struct CatalogueClipsTests {
    @Test(arguments: [
        ("dog", true), ("do", true), ("og", false), ("DOG sea", true), ("dog cat", false),
        ("\"dog at\"", true), ("\"at dog\"", false), ("cafe", true), ("\"a dog at the\"", true),
    ])
    func wordsAreFoundAsTheIndexFindsThem(words: String, areFound: Bool) {
        let terms = SearchExpression(words).terms
        #expect(SpanWords(terms).areAll(in: "A dog at the sea, in a Café") == areFound)
    }

    @Test func stretchesWhoseCaptionsHaveTheWordsAreFound() throws {
        let fixture = try CatalogueFixture()
        try fixture.observe("clip.mp4", "other.mp4")
        for content in UInt8(1)...2 {
            let job = try fixture.lease()
            guard
                case .needsDescription(let work) = try fixture.catalogue.identified(
                    job, as: CatalogueFixture.facts(content, kind: .video),
                    wanting: CatalogueFixture.recipe)
            else { continue }
            let texts = [
                ModelText(prompt: "caption", text: "a walk"),
                ModelText(
                    prompt: "caption", text: "a dog on a road", span: ClipSpan(start: 0, end: 20)),
                ModelText(
                    prompt: "caption", text: content == 1 ? "a dog at the sea" : "the sea",
                    span: ClipSpan(start: 20, end: 40)),
            ]
            _ = try fixture.catalogue.complete(
                work,
                with: DescribedAsset(
                    recipe: CatalogueFixture.recipe, texts: texts, tags: [], tokens: []))
        }
        let clips = try fixture.catalogue.clips()
        #expect(clips.count == 2)
        let found = try fixture.catalogue.stretches(SearchQuery("dog sea"), limit: 10)
        #expect(found.map(\.span) == [ClipSpan(start: 20, end: 40)])
        #expect(found.map(\.text) == ["a dog at the sea"])
        #expect(try fixture.catalogue.stretches(SearchQuery("dog -sea"), limit: 10).isEmpty)
        #expect(try fixture.catalogue.stretches(SearchQuery("-sea"), limit: 10).isEmpty)
    }
}
