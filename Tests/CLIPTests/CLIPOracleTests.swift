import Imaging
import ModelLoading
import Tensor
import Testing

@testable import CLIP

/// Every value of every folder, against what Hugging Face's implementation computed.
@Suite struct CLIPOracleTests {
    @Test(arguments: CLIPOracle.all)
    func textsHaveTheReferencesIDs(_ oracle: CLIPOracle) throws {
        let encoder = try oracle.texts()
        for text in oracle.golden.texts {
            #expect(try encoder.ids(of: text.text) == text.ids, "\(text.text.debugDescription)")
        }
    }

    @Test(arguments: CLIPOracle.all)
    func textsHaveTheReferencesHiddenStatesAndEmbeddings(_ oracle: CLIPOracle) throws {
        let encoder = try oracle.texts()
        for (number, text) in oracle.golden.texts.enumerated() {
            let hidden = try encoder.model.hidden(text.ids)
            try expect(
                hidden.values, matches: try oracle.value("text_hidden.\(number)"),
                "text_hidden.\(number)")
            let end = encoder.pooled(text.ids).count - 1
            let projected = encoder.model.projected(hidden.rows(end..<end + 1))
            try expect(projected, matches: try oracle.value("text.\(number)"), "text.\(number)")
        }
    }

    @Test(arguments: CLIPOracle.all)
    func picturesHaveTheReferencesFeaturesAndEmbeddings(_ oracle: CLIPOracle) throws {
        let encoder = try oracle.pictures()
        for picture in oracle.golden.pictures {
            let name = picture.image
            let features = try encoder.tower(
                [try oracle.value("pixel_values.\(name)")], pooling: true, shouldStop: { false })[0]
            let width = features.places.columns
            let hidden = try oracle.value("last_hidden.\(name)")
            try expect(
                features.places.values, matches: Array(hidden.dropFirst(width)),
                "last_hidden.\(name)")
            let pooled = try #require(features.pooled)
            try expect(
                encoder.projection.projected(pooled), matches: try oracle.value("image.\(name)"),
                "image.\(name)")
        }
    }

    @Test(arguments: CLIPOracle.all)
    func picturesBecomeTheReferencesPixelsWithinOneGreyLevel(_ oracle: CLIPOracle) throws {
        let encoder = try oracle.pictures()
        for picture in oracle.golden.pictures {
            let actual = try encoder.processor.pixelValues(try oracle.decoded(picture))
            let expected = try oracle.value("pixel_values.\(picture.image)")
            try #require(actual.count == expected.count)
            // The smallest deviation that is divided by makes the largest step.
            let worst = try #require(zip(actual, expected).lazy.map { abs($0 - $1) }.max())
            #expect(worst <= 1.001 / 255 / 0.26, "\(picture.image)")
        }
    }

    @Test(arguments: CLIPOracle.all)
    func picturesAndTextsAreAsFarApartAsInTheReference(_ oracle: CLIPOracle) throws {
        let (pictures, texts) = (try oracle.pictures(), try oracle.texts())
        let words = try texts.embed(oracle.golden.texts.map(\.text))
        let images = try pictures.embed(try oracle.golden.pictures.map(oracle.decoded))
        let cosines = try images.flatMap { image in
            let image = try #require(image)
            return words.map { image.cosine(to: $0) }
        }
        try expect(cosines, matches: try oracle.value("cosine"), "cosine")
    }
}
