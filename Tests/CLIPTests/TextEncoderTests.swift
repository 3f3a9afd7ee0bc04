import Checkpoint
import ModelLoading
import Tensor
import TestSupport
import Testing

@testable import CLIP

@Suite struct TextEncoderTests {
    private static let texts = [
        "a photo of a dog", "", "浜辺の犬", "two cats & a café", "<|endoftext|> then more",
    ]

    /// The embeddings of the folder as it came.
    private let expected: [Embedding]

    init() throws {
        let encoder = try #require(try TextEncoder.load(from: WholeCLIP.fixture))
        expected = try encoder.embed(Self.texts)
    }

    private func embedded(_ copy: CLIPCopy) throws -> [Embedding] {
        try #require(try TextEncoder.load(from: copy.folder)).embed(Self.texts)
    }

    @Test(arguments: [0, 1, 300, 49_407])
    func theConfigurationsEndOfTextChangesNothing(_ token: Int) throws {
        let copy = try CLIPCopy()
        try copy.set(["eos_token_id": token], in: "text_config")
        #expect(try embedded(copy) == expected)
    }

    @Test(arguments: [["tokenizer.json"], ["vocab.json", "merges.txt"], ["tokenizer_config.json"]])
    func eitherKindOfTokenizerFilesIsEnough(_ absent: [String]) throws {
        let copy = try CLIPCopy()
        for name in absent { try copy.remove(name) }
        #expect(try embedded(copy) == expected)
    }

    @Test func weightsInSafetensorsAndSinglePrecisionAreTheSame() throws {
        let copy = try CLIPCopy()
        try copy.rewriteWeights()
        #expect(try embedded(copy) == expected)
    }

    @Test func weightsInBrainFloatsAreNearlyTheSame() throws {
        let copy = try CLIPCopy()
        try copy.rewriteWeights { CLIPCopy.bfloat16($0, $1) }
        for (one, other) in zip(try embedded(copy), expected) {
            #expect(one.cosine(to: other) > 0.999)
        }
    }

    @Test func aTextIsReadAtTheFirstEndOfText() throws {
        let encoder = try #require(try TextEncoder.load(from: WholeCLIP.fixture))
        let ids = try encoder.ids(of: "dog <|endoftext|> on a beach")
        #expect(encoder.pooled(ids) == [49_406, 1929, 49_407])
        let cut = try encoder.embed("dog <|endoftext|> on a beach")
        #expect(cut.cosine(to: try encoder.embed("dog")) > 0.999_99)
    }

    @Test func tenThousandWordsAreCutBeforeTheEnd() throws {
        let encoder = try #require(try TextEncoder.load(from: WholeCLIP.fixture))
        let ids = try encoder.ids(of: String(repeating: "red car ", count: 5000))
        #expect(ids.count == 77 && ids.first == 49_406 && ids.last == 49_407)
        #expect(ids.dropFirst().dropLast().allSatisfy { [736, 1615].contains($0) })
    }

    @Test func textsTogetherAreTextsAlone() throws {
        let encoder = try #require(try TextEncoder.load(from: WholeCLIP.fixture))
        let many = (0..<40).map { "a picture of \($0) things, " + Self.texts[$0 % 5] }
        for (text, together) in zip(many, try encoder.embed(many)) {
            #expect(together.cosine(to: try encoder.embed(text)) > 0.999_99)
        }
        #expect(try encoder.embed([String]()).isEmpty)
    }

    @Test func stopsBetweenLayers() throws {
        let encoder = try #require(try TextEncoder.load(from: WholeCLIP.fixture))
        #expect(throws: CancellationError.self) {
            try encoder.embed(["a dog"], shouldStop: { true })
        }
    }

    @Test func aVisionTowerAloneHasNoTexts() throws {
        let copy = try CLIPCopy()
        try copy.rewriteWeights { name, weights in
            name.hasPrefix("text_") ? nil : CLIPCopy.float32(name, weights)
        }
        #expect(try TextEncoder.load(from: copy.folder) == nil)
        #expect(try PictureEncoder.load(from: copy.folder) != nil)
    }

    /// A key of `config.json`, a value that cannot be used, and what the message names.
    private static let faults: [(part: String?, key: String, value: any Sendable, named: String)] =
        [
            ("text_config", "hidden_size", 31, "'text_config.num_attention_heads'"),
            ("text_config", "hidden_size", 64, "instead of"),
            ("text_config", "num_hidden_layers", 4, "lacks the tensor"),
            ("text_config", "num_hidden_layers", 1_000_000, "'text_config.num_hidden_layers'"),
            ("text_config", "vocab_size", 49_000, "instead of"),
            ("text_config", "max_position_embeddings", 0, "'text_config.max_position_embeddings'"),
            ("text_config", "hidden_act", "relu", "'text_config.hidden_act'"),
            ("text_config", "layer_norm_eps", -1, "'text_config.layer_norm_eps'"),
            (nil, "text_config", "none", "'text_config'"),
            (nil, "projection_dim", 25, "instead of"),
            (nil, "projection_dim", -1, "'projection_dim'"),
        ]

    @Test(arguments: faults.indices) func aFaultOfTheConfigurationIsNamed(_ index: Int) throws {
        let fault = Self.faults[index]
        let copy = try CLIPCopy()
        try copy.set([fault.key: fault.value], in: fault.part)
        let error = #expect(throws: ModelError.self) { try TextEncoder.load(from: copy.folder) }
        let message = try #require(error).description
        #expect(message.contains(fault.named), "\(message)")
    }

    @Test func aTokenizerOfMoreTokensThanTheTowerKnowsIsRefused() throws {
        let copy = try CLIPCopy()
        try copy.set(["vocab_size": 40_000], in: "text_config")
        try copy.rewriteWeights { name, weights in
            name.hasSuffix("token_embedding.weight")
                ? CLIPCopy.float32(name, weights.rows(0..<40_000))
                : CLIPCopy.float32(name, weights)
        }
        let error = #expect(throws: ModelError.self) { try TextEncoder.load(from: copy.folder) }
        #expect(try #require(error).description.contains("49408 tokens"))
    }

    @Test func weightsThatAreNoNumbersAreSaidToBeDamaged() throws {
        let copy = try CLIPCopy()
        try copy.rewriteWeights { name, weights in
            guard name == "text_projection.weight" else { return CLIPCopy.float32(name, weights) }
            return .init(
                name: name, elementType: .float32, shape: weights.shape,
                bytes: [UInt8](repeating: 0xFF, count: 4 * weights.count))
        }
        let encoder = try #require(try TextEncoder.load(from: copy.folder))
        let error = #expect(throws: ModelError.self) { try encoder.embed("a dog") }
        #expect(try #require(error).description.contains("damaged"))
    }
}
