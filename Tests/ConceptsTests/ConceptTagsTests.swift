import TestSupport
import Testing

@testable import Concepts

/// Which of a picture's concepts are said, by the list of `ConceptFiles`.
@Suite struct ConceptTagsTests {
    private let list: ConceptList

    init() throws { list = try ConceptListTests.read(ConceptFiles.list) }

    private func said(
        _ likely: [String: Float], spoken: [String] = [], certainty: Float = 0
    ) -> [String] {
        list.tags(
            ConceptProbabilities(list.concepts.map { likely[$0.word] ?? 0.01 }), spoken: spoken,
            certainty: certainty
        ).map(\.word)
    }

    @Test func whatIsCertainEnoughIsSaidTheLikeliestFirst() {
        #expect(said(["person": 0.7, "dog": 0.45]) == ["person", "dog"])
        #expect(said(["person": 0.6, "dog": 0.95]) == ["dog", "animal", "person"])
        #expect(said(["person": 0.49, "dog": 0.39]).isEmpty)
    }

    @Test func placesStandBehindThings() {
        #expect(said(["person": 0.6, "field": 0.9]) == ["person", "field"])
    }

    @Test func aGeneralWordIsAsLikelyAsItsLikeliestKind() {
        let tags = list.tags(
            ConceptProbabilities(list.concepts.map { $0.word == "dog" ? 0.8 : 0.01 }))
        #expect(tags.map(\.word) == ["dog", "animal"])
        #expect(tags.allSatisfy { $0.probability == 0.8 })
    }

    @Test func whatAnotherWordSaysAsWellIsLeftOut() {
        #expect(said(["duck": 0.45, "bird": 0.49]) == ["duck"])
        #expect(said(["bird": 0.49]) == ["bird"])
        #expect(said(["person": 0.6, "clothing": 0.9]) == ["person"])
        #expect(said(["clothing": 0.9]) == ["clothing"])
    }

    @Test func ofTwoThatImplyEachOtherOneStays() {
        #expect(said(["field": 0.9, "grass": 0.8]) == ["grass"])
    }

    @Test func inADrawingNothingIsLookedFor() {
        #expect(said(["drawing": 0.8, "dog": 0.9, "field": 0.9]) == ["drawing"])
        #expect(said(["drawing": 0.7, "person": 0.9]) == ["person"])
    }

    @Test func theModelsOwnNameForAConceptIsTaken() {
        #expect(said(["person": 0.9], spoken: ["dog", "people"]) == ["people"])
    }

    @Test func moreCertaintyCanBeAskedFor() {
        #expect(said(["person": 0.7, "dog": 0.45], certainty: 0.6) == ["person"])
        #expect(said(["person": 0.7, "dog": 0.45], certainty: 0.1) == ["person", "dog"])
    }

    @Test func ofAClipTheSecondLargestProbabilityCounts() {
        var generator = SeededGenerator(seed: 3)
        for count in 1...6 {
            let seconds = (0..<count).map { _ in
                (0..<4).map { _ in Float.random(in: 0...1, using: &generator) }
            }
            var clip = ConceptSeconds()
            for values in seconds { clip.add(ConceptProbabilities(values)) }
            let expected = (0..<4).map { concept in
                seconds.map { $0[concept] }.sorted(by: >)[min(1, count - 1)]
            }
            #expect(clip.whole?.values == expected)
        }
        #expect(ConceptSeconds().whole == nil)
    }
}
