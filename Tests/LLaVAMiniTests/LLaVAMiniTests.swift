import Foundation
import Imaging
import ModelLoading
import SystemPackage
import Tensor
import Testing

@testable import LLaVAMini

/// What the causal mask allows to be shared, and what a caller may rely on.
@Suite struct LLaVAMiniTests {
    private let model: LLaVAMini
    private let questions = [
        "Describe this photo in one sentence.", "List the objects in this photo!",
        "Describe this photo in two words.",
    ]

    init() throws {
        model = try LLaVAMini.load(from: CheckpointCopy.original)
    }

    private func fused(_ question: String, _ images: [EncodedImage]) throws -> FusedPrompt {
        var prompt = try model.prompt(question)
        for image in images { try prompt.add(image) }
        return prompt
    }

    private func generate(_ prompts: [FusedPrompt], tokens: Int = 12) throws -> [Generation] {
        try model.generate(
            prompts, options: GenerationOptions(maximumTokens: tokens, ignoresEndTokens: true)
        ) { false }
    }

    @Test func aSecondPromptIsAnsweredAsByAFreshRun() throws {
        let image = try model.encode(.gradient(150, 200), highResolution: false)
        _ = try fused(questions[0], [image])
        let second = try fused(questions[1], [image])
        let fresh = try fused(
            questions[1], [model.encode(.gradient(150, 200), highResolution: false)])
        #expect(try second.inputsEmbeds().isClose(to: fresh.inputsEmbeds()))
    }

    @Test(arguments: [false, true])
    func answersTogetherAreAnswersAlone(highResolution: Bool) throws {
        let images = try [(150, 200), (210, 130)].map {
            try model.encode(.gradient($0, $1), highResolution: highResolution)
        }
        // Two groups that share their beginnings, and one prompt that shares nothing.
        let prompts = try [
            fused(questions[0], [images[0]]), fused(questions[0], [images[1]]),
            fused(questions[1], [images[0]]), fused(questions[2], [images[1]]),
            fused(questions[2], images),
        ]
        let together = try generate(prompts)
        for (prompt, answer) in zip(prompts, together) {
            let alone = try #require(try generate([prompt]).first)
            #expect(answer.ids == alone.ids)
            #expect(answer.text == alone.text)
            #expect(answer.firstLogits.matrix.isClose(to: alone.firstLogits.matrix))
        }
    }

    @Test func promptsOfOneImageShareTheirBeginning() throws {
        let images = try [(150, 200), (210, 130)].map {
            try model.encode(.gradient($0, $1), highResolution: false)
        }
        let prompts = try [
            fused(questions[0], [images[0]]), fused(questions[0], [images[1]]),
            fused(questions[2], [images[0]]), fused(questions[0], [images[0]]),
        ]
        let groups = PromptGroup.grouping(prompts)
        #expect(groups.map(\.members) == [[0, 2, 3], [1]])
        let alike = zip(prompts[0].ids, prompts[2].ids).prefix { $0 == $1 }.count
        // The placeholder's id becomes one token here, so ids and rows count the same.
        #expect(groups[0].sharedRows == alike)
        #expect(groups[1].sharedRows == 0)
        // Of two prompts that are the same, each still reads a row of its own.
        #expect(
            PromptGroup.grouping([prompts[0], prompts[3]]).map(\.sharedRows)
                == [prompts[0].ids.count - 1])
    }

    @Test func aVideoIsTheMeanOfItsFramesTextsAndAllTheirTokens() throws {
        let frames = try [(120, 90), (90, 120), (100, 100)].map {
            try model.encode(frame: .gradient($0, $1))
        }
        let video = try fused(questions[0], frames).inputsEmbeds()
        let stills = try frames.map { try fused(questions[0], [$0]).inputsEmbeds() }
        let place = try model.prompt(questions[0]).ids.firstIndex { $0 < 0 } ?? 0
        var expected = Matrix(rows: 0, columns: video.columns)
        for row in 0..<stills[0].rows {
            guard row != place else {
                for still in stills { expected.append(still.rows(row..<row + 1)) }
                continue
            }
            var mean = Matrix(rows: 1, columns: video.columns)
            for (index, still) in stills.enumerated() {
                mean.average(in: still.rows(row..<row + 1), share: 1 / Float(index + 1))
            }
            expected.append(mean)
        }
        #expect(video.isClose(to: expected))
    }

    @Test func anAnswerEndsAtAnEndToken() throws {
        let prompt = try fused(
            questions[0], [model.encode(.gradient(150, 200), highResolution: false)])
        let ids = try #require(try generate([prompt]).first).ids
        let end = try #require(ids.last)
        let first = try #require(ids.firstIndex(of: end))
        let decoder = GreedyDecoder(
            model: model.network.language, endTokens: [end],
            options: GenerationOptions(maximumTokens: 100))
        let answer = try #require(try decoder([prompt]) { false }.first)
        #expect(answer.reachedEnd)
        #expect(answer.ids == Array(ids.prefix(first)))
    }

    @Test(arguments: [0, 1, 5])
    func anAnswerHasAsManyTokensAsItMay(tokens: Int) throws {
        let prompt = try fused(
            questions[0], [model.encode(.gradient(150, 200), highResolution: false)])
        let answer = try #require(try generate([prompt], tokens: tokens).first)
        #expect(answer.ids.count == tokens)
        #expect(!answer.reachedEnd)
    }

    @Test func aPromptWithoutAnImageIsRefused() throws {
        let prompt = try model.prompt(questions[0])
        #expect(throws: ModelError.self) { try generate([prompt]) }
    }

    @Test func noPromptsHaveNoAnswers() throws {
        #expect(try generate([]).isEmpty)
    }

    @Test func everyStageStopsWhenAsked() throws {
        let image = RGBImage.gradient(100, 100)
        #expect(throws: CancellationError.self) {
            try model.encode(image, highResolution: true) { true }
        }
        #expect(throws: CancellationError.self) { try model.encode(frame: image) { true } }
        let encoded = try model.encode(image, highResolution: false)
        var prompt = try model.prompt(questions[0])
        #expect(throws: CancellationError.self) { try prompt.add(encoded) { true } }
        try prompt.add(encoded)
        // Asked before every token and layer, so it stops at any of them.
        for questionsBefore in [0, 1, 3, 10] {
            var asked = 0
            #expect(throws: CancellationError.self) {
                try model.generate(
                    [prompt], options: GenerationOptions(maximumTokens: 20, ignoresEndTokens: true)
                ) {
                    asked += 1
                    return asked > questionsBefore
                }
            }
            #expect(asked == questionsBefore + 1)
        }
    }

    @Test func anAnswersPiecesAreItsTextWithTheirProbabilities() throws {
        let image = try model.encode(.gradient(150, 200), highResolution: false)
        let answer = try #require(try generate([fused(questions[0], [image])]).first)
        let bytes = answer.pieces.flatMap(\.bytes).filter { !(9...13).contains($0) && $0 != 32 }
        #expect(bytes.elementsEqual(answer.text.utf8.filter { !(9...13).contains($0) && $0 != 32 }))
        #expect(answer.pieces.allSatisfy { $0.probability > 0 && $0.probability <= 1 })
        let first = try #require(answer.ids.first)
        let shares = answer.firstLogits.map { exp(Double($0 - answer.firstLogits[first])) }
        let probability = Matrix(rows: 1, columns: shares.count, values: answer.firstLogits)
            .softmax(ofColumn: first, inRow: 0)
        #expect(abs(Double(probability) - 1 / shares.reduce(0, +)) < 1e-5)
    }

    @Test func tooManyPositionsAreRefusedAndTheRestIsUsed() throws {
        let copy = try CheckpointCopy()
        let rows = try model.prompt(questions[0]).ids.count
        // 64 patches and a token stand before the text in pre-fusion.
        try copy.set(["max_position_embeddings": 65 + rows])
        let short = try LLaVAMini.load(from: copy.folder)
        let image = try short.encode(.gradient(99, 99), highResolution: false)
        var prompt = try short.prompt(questions[0])
        try prompt.add(image)
        let answer = try short.generate(
            [prompt], options: GenerationOptions(maximumTokens: 500, ignoresEndTokens: true)
        ) { false }
        #expect(answer[0].ids.count == 66)
        #expect(throws: ModelError.self) {
            var long = try short.prompt("Why? " + questions[0])
            try long.add(image)
        }
        #expect(throws: ModelError.self) {
            try short.encode(.gradient(99, 99), highResolution: true)
        }
    }

    @Test func saysHowLargeAPictureHasToBe() {
        #expect(model.minimumShortEdge(highResolution: false) == 112)
        #expect(model.minimumShortEdge(highResolution: true) == 224)
    }
}

extension Matrix {
    /// Whether all numbers are the same but for rounding.
    func isClose(to other: Matrix) -> Bool {
        guard rows == other.rows, columns == other.columns else { return false }
        let largest = values.map(abs).max() ?? 0
        return zip(values, other.values).allSatisfy { abs($0 - $1) <= 2e-5 * largest }
    }
}

extension [Float] {
    fileprivate var matrix: Matrix { Matrix(rows: 1, columns: count, values: self) }
}
