@testable import Catalogue
import Testing
import WorkQueue

@Suite struct EffectiveTextsTests {
    private let descriptions = [
        Self.text(.human, "caption", "mine"), Self.text(.model, "caption", "newer"),
        Self.text(.model, "caption", "older"), Self.text(.model, "mood", "calm"),
        Self.text(.model, "caption", "a pier", ClipSpan(start: 0, end: 2)),
        Self.text(.model, "caption", "a quay", ClipSpan(start: 0, end: 2)),
    ]

    @Test func takesTheFirstForEachPromptAndSpan() {
        #expect(descriptions.effective.map(\.text) == ["mine", "calm", "a pier"])
    }

    @Test func takesTheCaptionOfTheWholeForTheCaption() {
        #expect(descriptions.caption == "mine")
        #expect(descriptions.suffix(3).map { $0 }.caption == nil)
    }

    @Test func countsAPersonBeforeAFileBeforeAModel() {
        #expect(
            [DescriptionSource.model, .human, .sidecar].sorted() == [.human, .sidecar, .model])
    }

    private static func text(
        _ source: DescriptionSource, _ prompt: String, _ text: String, _ span: ClipSpan? = nil
    ) -> DescriptionDetails {
        DescriptionDetails(
            source: source, recipe: nil, prompt: prompt, text: text, span: span, at: nil)
    }
}
