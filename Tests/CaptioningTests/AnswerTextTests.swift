import Testing

@testable import Captioning

@Suite struct AnswerTextTests {
    @Test func foldsWhiteSpaceOfACaptionIntoOneLine() {
        #expect(AnswerText.caption("  A boat\n\tby   the sea. \u{7} ") == "A boat by the sea.")
    }

    @Test func boundsTheLengthOfACaption() {
        let caption = AnswerText.caption(String(repeating: "a", count: 100_000))
        #expect(caption.count == AnswerText.longestCaption)
    }

    @Test(arguments: [
        ("Boat, sea; two gulls.", ["boat", "sea", "two gulls"]),
        ("boat, Boat,BOAT , boat.", ["boat"]),
        ("1. Boat\n2) sea\n- gull\n* \"sand\"", ["boat", "sea", "gull", "sand"]),
        ("boat, sea, and sand", ["boat", "sea", "sand"]),
        ("海、船，砂", ["海", "船", "砂"]),
        (" , ;; .\n", []),
        ("", []),
        ("3d printer, 1984", ["3d printer", "1984"]),
    ])
    func takesTagsApart(answer: String, tags: [String]) {
        #expect(AnswerText.tags(answer) == tags)
    }

    @Test func leavesOutWhatIsTooLongToBeATag() {
        #expect(AnswerText.tags(String(repeating: "x", count: 61) + ", sea") == ["sea"])
    }

    @Test func boundsTheNumberOfTags() {
        let answer = (0..<1000).map { "tag\($0)" }.joined(separator: ",")
        #expect(AnswerText.tags(answer).count == AnswerText.mostTags)
    }

    @Test(arguments: [
        ("The image shows a dog.", ["^The image (shows|depicts) "], "A dog."),
        ("A dog. It is sunny.", ["It is [a-z]+\\."], "A dog."),
        ("The image shows", ["^The image shows"], "The image shows"),
        ("a dog", [], "a dog"), ("a dog", ["("], "a dog"), ("a dog", ["cat"], "a dog"),
        ("One, two", [",", "two"], "One"),
    ])
    func cleansACaptionOfWhatIsNotWanted(
        caption: String, patterns: [String], expected: String
    ) {
        #expect(AnswerText.cleaned(caption, without: patterns) == expected)
    }

    @Test func acceptsAnyText() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let scalars = (0..<40).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &generator))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let tags = AnswerText.tags(text)
            #expect(Set(tags).count == tags.count, "each tag once: \(text.debugDescription)")
            #expect(!tags.contains(""), "no empty tag: \(text.debugDescription)")
            #expect(!AnswerText.caption(text).contains("\n"))
        }
    }
}
