import Concepts
import Foundation
import Imaging
import LLaVAMini
import MediaDecoding
import SystemPackage
import TestSupport
import Testing

@testable import Captioning

/// Tags of a model that tells concepts, beside the words that it writes.
@Suite struct ConceptTagsOfPicturesTests {
    private let folder: FolderCopy

    init() throws {
        folder = try FolderCopy(
            FilePath(#filePath).removingLastComponent().removingLastComponent()
                .appending("Fixtures/oracle/efficientnet-lite-pad-f32"))
        try ConceptFiles.add(to: folder.path, width: 40, classified: 40)
    }

    private func captioner(certainty: Double = 0) throws -> Captioner {
        var settings = CaptioningSettings()
        settings.answerTokens = 4
        settings.certainty = certainty
        return try Captioner(folder: folder.path, settings: settings)
    }

    /// What the concept head tells of a picture, and what is said of it.
    private func told(_ image: RGBImage, _ captioner: Captioner) throws -> [ConceptList.Tag] {
        let model = try captioner.loaded()
        let seen = try #require(try model.encode(image, highResolution: false).concepts)
        return try #require(model.configuration.concepts).tags(
            seen, certainty: Float(captioner.settings.certainty))
    }

    @Test func conceptsStandBeforeWhatIsWritten() throws {
        let captioner = try captioner()
        let image = RGBImage.shaded(90, 60)
        let tags = try captioner.describe(image).tags
        let expected = try told(image, captioner)
        #expect(!expected.isEmpty)
        #expect(tags.prefix(expected.count).map(\.text) == expected.map(\.word))
        for (tag, concept) in zip(tags, expected) {
            #expect(abs(try #require(tag.probability) - Double(concept.probability)) < 1e-6)
        }
        let words = try #require(try captioner.loaded().configuration.concepts).words
        #expect(tags.dropFirst(expected.count).allSatisfy { !words.contains($0.text) })
    }

    @Test func certaintyHoldsForConceptsToo() throws {
        let tags = try captioner(certainty: 0.999).describe(.shaded(90, 60)).tags
        #expect(tags.allSatisfy { $0.probability.map { $0 >= 0.999 } ?? true })
    }

    @Test func aClipIsToldByItsSeconds() throws {
        let captioner = try captioner()
        let image = RGBImage.shaded(64, 64)
        var clip = try captioner.beginClip(duration: 3)
        for second in 0..<3 { try clip.add(VideoFrame(second: Double(second), image: image)) }
        let expected = try told(image, captioner)
        #expect(
            try clip.finish().tags.prefix(expected.count).map(\.text) == expected.map(\.word))
    }
}
