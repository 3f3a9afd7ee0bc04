import Imaging
import MediaDecoding
import Testing

@testable import Captioning

@Suite struct ClipDescriberTests {
    @Test func givesEachSecondItsToken() throws {
        let description = try describe(seconds: 5)
        #expect(try description.tokens.all().map(\.second) == [0, 1, 2, 3, 4])
        #expect(
            try Set(description.tokens.all().map(\.values)).count == 5,
            "frames differ, so do tokens")
    }

    @Test func aClipWithinOneSpanHasOneCaption() throws {
        #expect(try describe(seconds: 4, span: 10).captions.map(\.span) == [nil])
    }

    @Test func aLongerClipHasACaptionForEachSpan() throws {
        let spans = try describe(seconds: 7, span: 3).captions.map(\.span)
        #expect(spans == [nil, 0...3, 3...6, 6...7])
    }

    @Test func aTokenOfAClipIsThatOfItsSquashedFrame() throws {
        // 112 × 112 is what the model sees, so that squashing changes nothing.
        let captioner = try makeCaptioner()
        let image = RGBImage.shaded(112, 112)
        var clip = try captioner.beginClip(duration: 1)
        try clip.add(VideoFrame(second: 0, image: image))
        #expect(
            try clip.finish().tokens.all().map(\.values)
                == captioner.describe(image).tokens.all().map(\.values))
    }

    @Test func boundsTheFramesOfTheWholeButNotTheTokens() throws {
        let description = try describe(seconds: 70, span: 100)
        #expect(description.tokens.count == 70)
        #expect(description.captions.count == 1)
    }

    /// A long span's caption looks at every second frame here, and so at none of those that differ.
    @Test func boundsTheFramesOfASpanButNotTheTokens() throws {
        let plain = try describe(seconds: 150, span: 100)
        let changed = try describe(seconds: 150, span: 100) { $0 % 2 == 0 ? $0 : $0 + 1000 }
        #expect(plain.captions.map(\.span) == [nil, 0...100, 100...150])
        #expect(plain.captions.dropFirst() == changed.captions.dropFirst())
        let tokens = try (plain.tokens.all(), changed.tokens.all())
        #expect(zip(tokens.0, tokens.1).filter { $0.values != $1.values }.count == 75)
    }

    /// Sixty-four seconds would be seen by a caption that looks at the beginning alone.
    @Test func theCaptionOfTheWholeLooksAtTheEndOfAClipThatStatesNoLength() throws {
        let plain = try describe(seconds: 200, span: 1000, states: nil)
        let changed = try describe(seconds: 200, span: 1000, states: nil) {
            $0 < 64 ? $0 : $0 * $0
        }
        #expect(plain.captions != changed.captions || plain.tags != changed.tags)
    }

    @Test(arguments: [nil, 5] as [Double?])
    func aLongerClipThanStatedHasSixtySpansAtMost(stated: Double?) throws {
        let spans = try describe(seconds: 131, span: 1, states: stated).captions.compactMap(\.span)
        #expect(spans.count == 33, "spans of 1 s, then of 2 s, then of 4 s")
        #expect(spans.first == 0...4)
        #expect(spans.last == 128...131)
        #expect(zip(spans, spans.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    }

    @Test func aSpanThatWasJoinedIsDescribedLikeOneThatWasPlanned() throws {
        let joined = try describe(seconds: 70, span: 1, states: nil)
        let planned = try describe(seconds: 70, span: 2, states: nil)
        #expect(joined.captions.map(\.span) == planned.captions.map(\.span))
        #expect(joined.captions.map(\.text) == planned.captions.map(\.text))
    }

    /// Spans of several lengths, also more than are captioned at a time.
    @Test(arguments: [1.0, 3, 7, 100], [2, 5, 30])
    func framesTogetherAreDescribedAsOneByOne(span: Double, step: Int) throws {
        let oneByOne = try describe(seconds: 31, span: span)
        let together = try describe(seconds: 31, span: span, step: step)
        #expect(together.captions == oneByOne.captions)
        #expect(together.tags.map(\.text) == oneByOne.tags.map(\.text))
        #expect(try together.isClose(to: oneByOne))
    }

    @Test func stopsWhenAsked() throws {
        var clip = try makeCaptioner().beginClip(duration: 1)
        #expect(throws: CancellationError.self) {
            try clip.add(VideoFrame(second: 0, image: .shaded(64, 64)), shouldStop: { true })
        }
    }

    private func describe(
        seconds: Int, span: Double = 10, step: Int = 1, phase: (Int) -> Int = { $0 }
    ) throws -> PictureDescription {
        try describe(
            seconds: seconds, span: span, step: step, states: Double(seconds), phase: phase)
    }

    private func describe(
        seconds: Int, span: Double = 10, step: Int = 1, states duration: Double?,
        phase: (Int) -> Int = { $0 }
    ) throws -> PictureDescription {
        var settings = CaptioningSettings()
        settings.answerTokens = 2
        settings.spanSeconds = span
        var clip = try makeCaptioner(settings).beginClip(duration: duration)
        let frames = (0..<seconds).map { second in
            VideoFrame(second: Double(second), image: .shaded(64, 48, phase: phase(second)))
        }
        for start in stride(from: 0, to: seconds, by: step) {
            try clip.add(Array(frames[start..<min(start + step, seconds)]))
        }
        return try clip.finish()
    }
}
