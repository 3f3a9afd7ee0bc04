import Imaging
import Testing

@testable import LLaVAMini

@Suite struct ModelStagesTests {
    private let lengths = PromptLengths(beforeImage: 5, question: 4)

    @Test(arguments: SyntheticBits.allCases) func answersHaveTheirLengths(bits: SyntheticBits)
        throws
    {
        let stages = try ModelStages(synthetic: ModelShape.demo.configuration(), bits: bits)
        let pictures = [RGBImage.gradient(150, 120), .gradient(120, 170)]
        let answers = try stages.describe(pictures, lengths: lengths, answers: [6, 3])
        #expect(answers.map(\.count) == [6, 3, 6, 3])
        let vocabulary = stages.configuration.language.vocabularySize
        #expect(answers.joined().allSatisfy { (0..<vocabulary).contains($0) })
    }

    @Test func picturesTogetherAreAnsweredAsAlone() throws {
        let stages = try ModelStages(synthetic: ModelShape.demo.configuration(), bits: .single)
        let pictures = [RGBImage.gradient(150, 120), .gradient(120, 170)]
        let together = try stages.describe(pictures, lengths: lengths, answers: [4, 2])
        let alone = try pictures.flatMap {
            try stages.describe([$0], lengths: lengths, answers: [4, 2])
        }
        #expect(together == alone)
    }

    @Test func llavaKeepsEveryPatchAndLLaVAMiniOneToken() throws {
        let stages = try ModelStages(synthetic: ModelShape.demo.configuration(), bits: .single)
        let picture = RGBImage.gradient(150, 120)
        let mini = try stages.firstToken(of: picture, lengths: lengths)
        let llava = try stages.firstTokenAsLLaVA(of: picture, lengths: lengths)
        #expect(mini.imagePositions == 1 && llava.imagePositions == 64)
        // 4 layers, keys and values, 192 numbers each.
        #expect(mini.keptNumbers == 4 * 2 * 192)
        #expect(llava.keptNumbers == 64 * mini.keptNumbers)
    }

    @Test func sequencesGrowByATokenAStep() throws {
        let stages = try ModelStages(synthetic: ModelShape.demo.configuration(), bits: .single)
        var sequences = try stages.prefill(tokens: 7, count: 3)
        #expect(sequences.positions == 21)
        try stages.step(&sequences)
        try stages.step(&sequences)
        #expect(sequences.positions == 27)
    }

    @Test func stagesOneByOneAreTheWholeWay() throws {
        let stages = try ModelStages(synthetic: ModelShape.demo.configuration(), bits: .single)
        let pictures = [RGBImage.gradient(150, 120), .gradient(120, 170)]
        let steps = try stages.fuse(stages.see(stages.prepare(pictures)))
        let whole = try stages.encode(pictures)
        #expect(steps.map(\.token) == whole.map(\.token))
        #expect(whole.allSatisfy { $0.token.allSatisfy(\.isFinite) })
    }

    @Test func aStepReadsTheLanguageModelsWeights() throws {
        let c = try ModelShape.demo.configuration()
        let stages = try ModelStages(synthetic: c, bits: .single)
        let numbers = stages.layerMultiplyAdds + stages.headMultiplyAdds
        // Two norms a layer and one at the end.
        #expect(stages.stepBytes == 4 * (numbers + 9 * 192))
        #expect(stages.languageBits == 32)
        #expect(stages.weightBytes <= ModelStages.syntheticBytes(of: c, bits: .single))
    }

    @Test func aFolderGivesTheSameStages() throws {
        let stages = try ModelStages(folder: CheckpointCopy.original)
        let network = try Network(folder: CheckpointCopy.original)
        let image = RGBImage.gradient(150, 120)
        let token = try stages.encode([image])[0].token
        #expect(token == (try network.encode([image], blocks: 1) { false })[0].token)
        #expect(stages.weightBytes > stages.stepBytes && stages.stepBytes > 0)
    }

    @Test func aTokenCostsWhatModelMDSays() throws {
        // 14 GFLOP a token without the output matrix, 15 with it; nothing of that size is made.
        let c = try ModelShape.llavaMiniLlama.configuration()
        let layers = 2 * ModelStages.layerMultiplyAdds(c.language)
        let head = 2 * ModelStages.headMultiplyAdds(c.language)
        #expect(abs(Double(layers) / 1e9 - 14) < 0.05)
        #expect(abs(Double(layers + head) / 1e9 - 15) < 0.05)
    }
}
