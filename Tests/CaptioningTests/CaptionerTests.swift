import Foundation
import Imaging
import LLaVAMini
import ModelLoading
import SystemPackage
import TestSupport
import Testing

@testable import Captioning

@Suite struct CaptionerTests {
    @Test func describesAPicture() throws {
        let captioner = try makeCaptioner()
        let description = try captioner.describe(.shaded(90, 60))
        #expect(description.captions.count == 1)
        #expect(description.captions[0].span == nil)
        #expect(description.tokens.count == 1)
        #expect(description.tokens.dimension == 128, "compressor_size² × hidden_size")
        #expect(Set(description.tags.map(\.text)).count == description.tags.count)
    }

    @Test func keepsTheTagsThatAreCertainEnough() throws {
        var settings = CaptioningSettings()
        settings.certainty = 0
        let all = try makeCaptioner(settings).describe(.shaded(90, 60)).tags
        let probabilities = try all.filter { $0.text.contains(/[a-z0-9]/) }.map {
            try #require($0.probability)
        }
        #expect(probabilities.allSatisfy { (0...1).contains($0) })
        let middle = (probabilities.min() ?? 0) / 2 + (probabilities.max() ?? 0) / 2
        settings.certainty = middle
        let kept = try makeCaptioner(settings).describe(.shaded(90, 60)).tags
        #expect(kept == all.filter { $0.probability.map { $0 >= middle } ?? true })
    }

    @Test func saysTheSameOfTheSamePicture() throws {
        let captioner = try makeCaptioner()
        let first = try captioner.describe(.shaded(64, 64))
        captioner.unload()
        let second = try captioner.describe(.shaded(64, 64))
        // The last digits of probabilities depend on how many rows were computed together.
        #expect(second.tags.map(\.text) == first.tags.map(\.text))
        #expect(second.captions == first.captions && second.tokens == first.tokens)
    }

    @Test func theTokenDoesNotDependOnTheQuestions() throws {
        var settings = CaptioningSettings()
        settings.answerTokens = 2
        settings.captionPrompt = "What is this?"
        let other = try makeCaptioner(settings).describe(.shaded(64, 64))
        #expect(try makeCaptioner().describe(.shaded(64, 64)).tokens == other.tokens)
    }

    @Test func picturesTogetherAreDescribedAsAlone() throws {
        let captioner = try makeCaptioner()
        let pictures = (0..<20).map { RGBImage.shaded(40 + 7 * $0, 90, phase: $0) }
        let together = try captioner.describe(pictures).map { try $0.get() }
        try #require(together.count == pictures.count)
        for (picture, description) in zip(pictures, together) {
            let alone = try captioner.describe(picture)
            #expect(description.captions == alone.captions)
            #expect(description.tags.map(\.text) == alone.tags.map(\.text))
            #expect(try description.isClose(to: alone))
        }
    }

    @Test func aPictureThatCannotBeTakenSpoilsNoOther() throws {
        let captioner = try makeCaptioner()
        let pictures: [RGBImage] = [.shaded(64, 48), .shaded(70_000, 1), .shaded(48, 64)]
        let results = try captioner.describe(pictures)
        #expect(try results[0].get().caption == captioner.describe(pictures[0]).caption)
        #expect(throws: ModelError.self) { try results[1].get() }
        #expect(try results[2].get().caption == captioner.describe(pictures[2]).caption)
    }

    @Test func noPicturesHaveNoDescriptions() throws {
        #expect(try makeCaptioner().describe([]).isEmpty)
    }

    @Test(arguments: [false, true])
    func aReducedPictureIsDescribedAsThePicture(highResolution: Bool) throws {
        var settings = CaptioningSettings()
        settings.answerTokens = 3
        settings.highResolution = highResolution
        let captioner = try makeCaptioner(settings)
        for (width, height) in [(300, 200), (90, 500), (112, 112), (20, 30), (70_000, 1)] {
            let picture = RGBImage.shaded(width, height)
            let reduced = try captioner.reduced(picture)
            let (one, other) = (try? captioner.describe(reduced), try? captioner.describe(picture))
            #expect(one?.captions == other?.captions && one?.tokens == other?.tokens)
            // The last digits of a probability depend on how many rows were read beside.
            #expect(one?.tags.map(\.text) == other?.tags.map(\.text))
        }
        let small = try captioner.reduced(.shaded(1000, 800))
        #expect(small.width == (highResolution ? 1000 : 112))
    }

    @Test func aBatchIsSmallerWhereAnswersAreLonger() throws {
        var settings = CaptioningSettings()
        #expect(try makeCaptioner(settings).batchSize() == Captioner.mostPicturesOfSmallModels)
        settings.answerTokens = 1_000_000
        #expect(try makeCaptioner(settings).batchSize() == 1)
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
        #expect(throws: CancellationError.self) {
            try captioner.describe([.shaded(64, 64), .shaded(48, 64)], shouldStop: { true })
        }
    }

    @Test func takesNoteOfAModelThatWasPutInItsPlaceWhileItWasUnloaded() throws {
        let folder = try TemporaryDirectory()
        let model = folder.path.appending("model")
        let manager = FileManager.default
        try manager.copyItem(atPath: tinyModel.string, toPath: model.string)
        let captioner = try Captioner(folder: model, settings: CaptioningSettings())
        _ = try captioner.loaded()
        let before = captioner.identity
        try manager.removeItem(atPath: model.string)
        _ = try captioner.loaded()
        #expect(captioner.identity == before, "what is in memory is still the old one")
        captioner.unload()
        let error = #expect(throws: ModelUnavailable.self) { try captioner.loaded() }
        #expect(error?.description.contains(model.string) == true)
        #expect(captioner.identity == before)
        try manager.copyItem(atPath: tinyModel.string, toPath: model.string)
        try Data("{}".utf8).write(to: URL(filePath: model.appending("note.json").string))
        _ = try captioner.loaded()
        #expect(captioner.identity.name == before.name)
        #expect(captioner.identity.version != before.version)
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
    return try Captioner(folder: tinyModel, settings: settings ?? short)
}

/// The tiny checkpoint.
private let tinyModel = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .appending("Fixtures/oracle/tiny-llava-mini")

extension PictureDescription {
    /// Whether the tokens are the same but for rounding.
    func isClose(to other: PictureDescription) throws -> Bool {
        let (mine, others) = (try tokens.all(), try other.tokens.all())
        return mine.map(\.second) == others.map(\.second)
            && zip(mine, others).allSatisfy { one, other in
                let largest = one.values.map(abs).max() ?? 0
                return one.values.count == other.values.count
                    && zip(one.values, other.values).allSatisfy {
                        abs($0 - $1) <= 2e-5 * largest
                    }
            }
    }
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
