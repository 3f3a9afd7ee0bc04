import CLIP
import Testing

@testable import LLaVAMini

@Suite struct TextStagesTests {
    @Test func eightBitsHardlyTurnATextOfTheReleasedShape() throws {
        let packed = try #require(try TextStages(synthetic: .llavaMiniLlama, isPacked: true))
        let exact = try #require(try TextStages(synthetic: .llavaMiniLlama, isPacked: false))
        for tokens in [3, 12] {
            let (one, other) = (try packed.embed(tokens: tokens), try exact.embed(tokens: tokens))
            #expect(one.values.count == 768)
            #expect(one.cosine(to: other) >= 0.999)
        }
    }

    @Test func theModelForDrawingsHasNone() throws {
        let made = try TextStages(synthetic: .demo, isPacked: true)
        #expect(made.map { _ in true } == nil)
        let loaded = try TextStages(folder: CheckpointCopy.original)
        #expect(loaded.map { _ in true } == nil)
    }
}
