import CLIP
import JSONScanning
import ModelLoading
import Testing

@testable import LLaVAMini

@Suite struct ModelShapeTests {
    @Test func theReleasedShapeIsTheOneOfModelMD() throws {
        let c = try ModelShape.llavaMiniLlama.configuration()
        #expect(c.language.width == 4096 && c.language.layers == 32)
        #expect(c.language.heads == 32 && c.language.keyValueHeads == 8)
        #expect(c.language.intermediateWidth == 14_336 && c.language.vocabularySize == 128_256)
        #expect(c.language.ropeScaling?.factor == 8)
        #expect(c.vision.usedLayers == 23 && c.vision.grid == 24 && c.vision.width == 1024)
        #expect(c.compressorSize == 1 && c.preFusionLayers == 4)
        #expect(c.projector == .perceptron(layers: 2))
    }

    @Test func vicunaHasAKeyForEveryHead() throws {
        let c = try ModelShape.vicuna.configuration()
        #expect(c.language.keyValueHeads == c.language.heads)
        #expect(c.language.intermediateWidth == 11_008 && c.language.vocabularySize == 32_000)
        #expect(c.vision == (try ModelShape.llavaMiniLlama.configuration().vision))
    }

    @Test func aKeyThatIsWrongIsNamed() {
        let error = #expect(throws: ModelError.self) {
            try ModelConfiguration(model: ["hidden_size": .integer(0)], tower: [:])
        }
        #expect(error?.description.contains("config.json: 'hidden_size'") == true)
    }
}
