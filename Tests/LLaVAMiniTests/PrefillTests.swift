import Imaging
import ModelLoading
import Tensor
import Testing

@testable import LLaVAMini

/// Prompts of many pictures, read in several passes, against each prompt alone.
@Suite struct PrefillTests {
    @Test func groupsThatAPassCutsInTwoAreAnsweredAsAlone() throws {
        let model = try LLaVAMini.load(from: CheckpointCopy.original)
        let images = try model.encode(
            (0..<12).map { .gradient(90 + 7 * $0, 140 - 5 * $0) }, highResolution: false)
        let questions = [
            "Describe this photo in one sentence.", "Describe this photo in two words.",
            "List the objects in this photo!",
        ]
        var prompts = try images.flatMap { _ in try questions.map(model.prompt) }
        try model.add(
            prompts.indices.map { (images[$0 / questions.count], $0) }, to: &prompts)
        let rows = try prompts.reduce(0) { try $0 + $1.inputsEmbeds().rows }
        try #require(rows > 2 * RowBatch.rowsAtOnce, "enough for several passes")
        let options = GenerationOptions(maximumTokens: 6, ignoresEndTokens: true)
        let together = try model.generate(prompts, options: options) { false }
        for (prompt, answer) in zip(prompts, together) {
            let alone = try model.generate([prompt], options: options) { false }[0]
            #expect(answer.ids == alone.ids)
            #expect(
                Matrix(rows: 1, columns: answer.firstLogits.count, values: answer.firstLogits)
                    .isClose(
                        to: Matrix(
                            rows: 1, columns: alone.firstLogits.count, values: alone.firstLogits)))
        }
    }

    @Test func aBeginningLongerThanAPassIsReadBeforeWhatFollows() throws {
        let model = try LLaVAMini.load(from: CheckpointCopy.original)
        let image = try model.encode(.gradient(90, 140), highResolution: false)
        let long = Array(repeating: "again and", count: 500).joined(separator: " ")
        var prompts = try ["this", "that", "nothing"].map { try model.prompt("\(long) \($0)?") }
        try model.add(prompts.indices.map { (image, $0) }, to: &prompts)
        try #require(PromptGroup.grouping(prompts)[0].sharedRows > RowBatch.rowsAtOnce - 20)
        let options = GenerationOptions(maximumTokens: 3, ignoresEndTokens: true)
        let together = try model.generate(prompts, options: options) { false }
        for (prompt, answer) in zip(prompts, together) {
            #expect(answer.ids == (try model.generate([prompt], options: options) { false })[0].ids)
        }
    }
}
