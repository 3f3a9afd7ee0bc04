import Foundation
import Imaging
import SystemPackage
import Testing

@testable import Captioning

@Suite struct CaptionerTests {
    @Test func describesAPicture() throws {
        let captioner = try makeCaptioner()
        let description = try captioner.describe(.shaded(90, 60))
        #expect(description.captions.count == 1)
        #expect(description.captions[0].stretch == nil)
        #expect(description.tokens.count == 1)
        #expect(description.tokens[0].values.count == 128, "compressor_size² × hidden_size")
        #expect(Set(description.tags).count == description.tags.count)
    }

    @Test func saysTheSameOfTheSamePicture() throws {
        let captioner = try makeCaptioner()
        let first = try captioner.describe(.shaded(64, 64))
        captioner.unload()
        #expect(try captioner.describe(.shaded(64, 64)) == first)
    }

    @Test func theTokenDoesNotDependOnTheQuestions() throws {
        var settings = CaptioningSettings()
        settings.answerTokens = 2
        settings.captionPrompt = "What is this?"
        let other = try makeCaptioner(settings).describe(.shaded(64, 64))
        #expect(try makeCaptioner().describe(.shaded(64, 64)).tokens == other.tokens)
    }

    @Test func loadsWhenNeededAndGivesBack() throws {
        let captioner = try makeCaptioner()
        #expect(!captioner.isLoaded)
        _ = try captioner.minimumShortEdge()
        #expect(captioner.isLoaded)
        captioner.unload()
        #expect(!captioner.isLoaded)
    }

    @Test func highResolutionWantsMorePixels() throws {
        var settings = CaptioningSettings()
        settings.highResolution = true
        #expect(
            try makeCaptioner(settings).minimumShortEdge() > makeCaptioner().minimumShortEdge())
    }

    @Test func stopsWhenAsked() throws {
        let captioner = try makeCaptioner()
        #expect(throws: CancellationError.self) {
            try captioner.describe(.shaded(64, 64), shouldStop: { true })
        }
    }

    @Test func namesAMissingModel() {
        let error = #expect(throws: (any Error).self) {
            try Captioner(folder: "/nonexistent/model", settings: CaptioningSettings()).loaded()
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("/nonexistent/model"))
    }
}

/// A captioner with the tiny checkpoint of random weights and short answers.
func makeCaptioner(_ settings: CaptioningSettings? = nil) throws -> Captioner {
    var short = CaptioningSettings()
    short.answerTokens = 4
    let tests = FilePath(#filePath).removingLastComponent().removingLastComponent()
    return try Captioner(
        folder: tests.appending("Fixtures/oracle/tiny-llava-mini"), settings: settings ?? short)
}

extension RGBImage {
    /// A picture with a gradient that depends on its size and a phase.
    static func shaded(_ width: Int, _ height: Int, phase: Int = 0) -> RGBImage {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                pixels.append(UInt8(truncatingIfNeeded: x * 3 + phase * 40))
                pixels.append(UInt8(truncatingIfNeeded: y * 2))
                pixels.append(UInt8(truncatingIfNeeded: x ^ y))
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}
