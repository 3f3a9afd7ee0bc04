import Imaging
import ModelLoading
import SystemPackage
import Tensor
import TestSupport
import Testing

@testable import LLaVAMini

/// A whole look into a model.
@Suite struct AnalysisTests {
    private let model: LLaVAMini
    private static let options = GenerationOptions(maximumTokens: 12, ignoresEndTokens: true)

    init() throws { model = try LLaVAMini.load(from: CheckpointCopy.original) }

    private func analyse(
        _ model: LLaVAMini? = nil, highResolution: Bool = false,
        shouldStop: () -> Bool = { false }
    ) throws -> AnalysedPicture {
        try (model ?? self.model).analyse(
            .gradient(120, 90), question: "What is this?",
            modes: Set(AttentionAnalysis.Mode.allCases), highResolution: highResolution,
            options: Self.options, keepsMaps: true, shouldStop: shouldStop)
    }

    @Test(arguments: [false, true])
    func everyLayerIsSeenAndEveryRowAddsUpToOne(_ highResolution: Bool) throws {
        let picture = try analyse(highResolution: highResolution)
        let (fusing, language) = (
            model.configuration.preFusionLayers, model.configuration.language.layers
        )
        #expect(picture.analyses.map(\.mode) == [.mini, .llava])
        #expect(picture.analyses[0].layers.count == fusing + language)
        #expect(picture.analyses[1].layers.count == language)
        for layer in picture.analyses.flatMap(\.layers) {
            let map = try #require(layer.map)
            for kind in TokenKind.allCases {
                let count = map.kinds.count { $0 == kind }
                let given = layer.flows.filter { $0.from == kind }
                    .reduce(0.0) { $0 + $1.weight * Double($1.tokens) }
                #expect(abs(given - Double(count)) < 1e-3 * Double(max(count, 1)))
            }
        }
    }

    @Test func theAnswerIsWhatTheModelAnswersAnyway() throws {
        let image = try model.encode(.gradient(120, 90), highResolution: false)
        var prompt = try model.prompt("What is this?")
        try prompt.add(image)
        let answer = try model.generate([prompt], options: Self.options) { false }[0]
        let analysed = try analyse()
        #expect(analysed.answer == answer.text)
        // Nothing dropped: what the model says first is what it said.
        let whole = try #require(analysed.analyses[0].remainders.first)
        #expect(whole.stage == nil && whole.hold.kept == 1)
        let mean = answer.pieces.map { Double($0.probability) }
        #expect(whole.hold.probability > (mean.min() ?? 0) - 1e-4)
        #expect(whole.hold.probability < (mean.max() ?? 1) + 1e-4)
    }

    @Test func whatIsDroppedAtTheEndIsDroppedForNothing() throws {
        let analysis = try analyse().analyses[1]
        let language = model.configuration.language.layers
        #expect(
            analysis.remainders.map(\.layer)
                == [0] + InsideView.cuts(of: language).map { $0 + 1 })
        #expect(analysis.remainders.dropFirst().allSatisfy { $0.stage == .language })
    }

    @Test func layersAreCutInEightPlacesAtMost() {
        #expect(InsideView.cuts(of: 0) == [])
        #expect(InsideView.cuts(of: 4) == [0, 1, 2, 3])
        #expect(InsideView.cuts(of: 32) == [0, 4, 8, 12, 16, 20, 24, 28])
        #expect((1...200).allSatisfy { InsideView.cuts(of: $0).count <= InsideView.mostCuts })
    }

    /// A sequence without patches from the first layer on is one that never had any.
    @Test func aCutBeforeTheFirstLayerIsASequenceWithout() throws {
        var generator = SeededGenerator(seed: 77)
        let stack = model.network.language.stack
        let kinds: [TokenKind?] = [.instruction, .vision, .vision, nil, .instruction, .response]
        let whole = Strand(
            states: .random(6, model.configuration.language.width, using: &generator),
            positions: Array(0..<6), kinds: kinds)
        let (strands, cut) = try stack(
            [whole], dropping: [.vision], at: [0, 1], observe: { _, _ in }
        ) { false }
        let (alone, _) = try stack(
            [whole.without([.vision])], observe: { _, _ in }
        ) { false }
        #expect(cut.count == 2 && cut[0].states.isClose(to: alone[0].states))
        #expect(!cut[1].states.isClose(to: alone[0].states))
        #expect(strands[0].states.rows == 6)
    }

    @Test func stopsBetweenLayers() throws {
        var asked = 0
        #expect(throws: CancellationError.self) {
            _ = try analyse(shouldStop: {
                asked += 1
                return asked > 9
            })
        }
    }

    @Test func aModelWithoutPreFusionIsLookedIntoToo() throws {
        let copy = try CheckpointCopy()
        try copy.set(["prefusion_layer_num": 0])
        let picture = try analyse(LLaVAMini.load(from: copy.folder))
        #expect(picture.analyses[0].layers.allSatisfy { $0.stage == .language })
    }

    @Test func whatHasTooManyPositionsIsRefused() throws {
        let copy = try CheckpointCopy()
        try copy.set(["max_position_embeddings": 140])
        let short = try LLaVAMini.load(from: copy.folder)
        #expect(throws: ModelError.self) { try analyse(short) }
    }
}
