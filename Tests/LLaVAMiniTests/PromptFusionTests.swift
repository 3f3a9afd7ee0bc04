import Imaging
import ModelLoading
import Tensor
import Testing
import Tokenization

@testable import LLaVAMini

/// Many texts and images in one pass, against one text and one image at a time.
@Suite struct PromptFusionTests {
    private let model: LLaVAMini
    private let images: [EncodedImage]

    init() throws {
        model = try LLaVAMini.load(from: CheckpointCopy.original)
        images = try model.encode(
            (0..<6).map { .gradient(90 + 20 * $0, 140 - 10 * $0) }, highResolution: false)
    }

    /// Texts that begin alike for a while, not at all, or are the same; with entry 0 among them.
    private func prompts() throws -> [FusedPrompt] {
        let place = ChatPrompt.imagePlaceholder
        let ids = [
            [7, 8, 9, place, 10, 11], [7, 8, 9, place, 10, 12, 13], [7, 0, 9, place, 0, 12],
            [5, 8, place, 10], [7, 8, 9, place, 10, 11], [7, 8, 9, place],
        ]
        return try ids.map { try FusedPrompt(ids: $0, network: model.network) }
    }

    @Test func togetherIsAlone() throws {
        var together = try prompts() + prompts()
        // The first six ask about one image, the others about one each.
        let pairs = (0..<12).map { (image: images[max($0 - 6, 0)], prompt: $0) }
        try model.add(pairs, to: &together)
        var alone = try prompts() + prompts()
        for pair in pairs { try alone[pair.prompt].add(pair.image) }
        for (one, other) in zip(together, alone) {
            #expect(try one.inputsEmbeds().isClose(to: other.inputsEmbeds()))
        }
    }

    @Test func imagesOfOnePromptAreAFilm() throws {
        var together = try prompts()
        try model.add(
            images.flatMap { image in together.indices.map { (image, $0) } }, to: &together)
        var alone = try prompts()
        for image in images {
            for index in alone.indices { try alone[index].add(image) }
        }
        for (one, other) in zip(together, alone) {
            #expect(try one.inputsEmbeds().isClose(to: other.inputsEmbeds()))
            #expect(one.commonRows(with: other) == other.commonRows(with: other))
        }
    }

    @Test func moreThanAPassHolds() throws {
        let question = try model.prompt("Describe this photo in one sentence.")
        var together = Array(repeating: question, count: 40)
        let pairs = together.indices.map { (image: images[$0 % images.count], prompt: $0) }
        // Prompts about one image are fused once if they are the same: make them differ.
        for index in together.indices {
            together[index] = try model.prompt("Is \(index) a number in this photo?")
        }
        let before = together
        try model.add(pairs, to: &together)
        for (pair, fused) in zip(pairs, together) {
            var alone = before[pair.prompt]
            try alone.add(pair.image)
            #expect(try fused.inputsEmbeds().isClose(to: alone.inputsEmbeds()))
        }
    }

    @Test func whatDoesNotFitChangesNothing() throws {
        let copy = try CheckpointCopy()
        try copy.set(["max_position_embeddings": 65 + 6])
        let short = try LLaVAMini.load(from: copy.folder)
        let image = try short.encode(.gradient(99, 99), highResolution: false)
        let place = ChatPrompt.imagePlaceholder
        var both = try [[7, place, 8], [7, 8, 9, place, 10, 11, 12, 13]].map {
            try FusedPrompt(ids: $0, network: short.network)
        }
        #expect(throws: ModelError.self) {
            try short.add([(image, 0), (image, 1)], to: &both)
        }
        #expect(throws: ModelError.self) { try both[0].inputsEmbeds() }
    }
}
