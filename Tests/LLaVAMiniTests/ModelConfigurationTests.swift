import CLIP
import ModelLoading
import SystemPackage
import TestSupport
import Testing

@testable import LLaVAMini

@Suite struct ModelConfigurationTests {
    @Test func readsTheFixture() throws {
        let c = try ModelConfiguration(folder: CheckpointCopy.original)
        #expect(c.language.width == 128 && c.language.headWidth == 16)
        #expect(c.language.keyValueHeads == 2 && c.language.layers == 3)
        #expect(c.language.ropeScaling?.factor == 8)
        #expect(c.vision.grid == 8 && c.vision.usedLayers == 3)
        #expect(c.compressorSize == 1 && c.preFusionLayers == 2)
        #expect(c.endTokens == [2042, 2044, 2047])
        #expect(c.notice == nil && !c.padsToSquare)
        #expect(c.resolutionRatio == 2)
    }

    /// Llama 3.1's eight billion, of which half a billion are the table of embeddings, which no step reads.
    @Test func countsTheWeightsOfAStep() throws {
        let copy = try CheckpointCopy()
        try copy.set([
            "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
            "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": nil,
            "vocab_size": 128_256,
        ])
        #expect(
            try ModelConfiguration(folder: copy.folder).language.weights == 7_504_658_432)
    }

    @Test func takesTheReferencesDefaults() throws {
        let copy = try CheckpointCopy()
        try copy.set([
            "compressor_size": nil, "prefusion_layer_num": nil, "rope_scaling": nil,
            "num_key_value_heads": nil, "mm_vision_select_layer": nil, "image_aspect_ratio": nil,
            "eos_token_id": 7, "mm_projector_type": nil, "resolution_ratio": nil,
            "vignette_notice": "Only a test.",
        ])
        let c = try ModelConfiguration(folder: copy.folder)
        #expect(c.compressorSize == 2 && c.preFusionLayers == 4)
        #expect(c.language.keyValueHeads == 8 && c.language.ropeScaling == nil)
        #expect(c.vision.usedLayers == 3 && c.projector == .linear)
        #expect(c.endTokens == [7] && c.notice == "Only a test.")
    }

    @Test func endTokensOfBothFilesCount() throws {
        let copy = try CheckpointCopy()
        try copy.write(Array(#"{"eos_token_id": [5, 6]}"#.utf8), to: "generation_config.json")
        #expect(
            try ModelConfiguration(folder: copy.folder).endTokens == [5, 6, 2042, 2044, 2047])
    }

    @Test(arguments: [(-2, 3), (-1, 4), (2, 2), (0, 0), (4, 4), (-5, 0)])
    func selectsALayerFromEitherEnd(selected: Int, used: Int) throws {
        let copy = try CheckpointCopy()
        try copy.set(["mm_vision_select_layer": selected])
        #expect(try ModelConfiguration(folder: copy.folder).vision.usedLayers == used)
    }

    @Test func readsTheOlderShapesOfTheProcessorsFile() throws {
        let copy = try CheckpointCopy()
        let file = "vision_tower/preprocessor_config.json"
        try copy.set(["size": 112, "crop_size": 112], in: file)
        #expect(
            try ModelConfiguration(folder: copy.folder).processor.size == .shortestEdge(112))
        try copy.set(["size": ["height": 120, "width": 130]], in: file)
        #expect(
            try ModelConfiguration(folder: copy.folder).processor.size
                == .exact(width: 130, height: 120))
    }

    @Test func readsATowerThatIsPartOfAWholeCLIP() throws {
        let copy = try CheckpointCopy()
        let vision: [String: any Sendable] = [
            "hidden_size": 64, "intermediate_size": 256, "num_hidden_layers": 4,
            "num_attention_heads": 4, "image_size": 112, "patch_size": 14,
        ]
        try copy.write(Array(#"{"model_type": "clip"}"#.utf8), to: "vision_tower/config.json")
        try copy.set(["vision_config": vision], in: "vision_tower/config.json")
        #expect(
            try ModelConfiguration(folder: copy.folder).vision
                == ModelConfiguration(folder: CheckpointCopy.original).vision)
    }

    struct Fault: Sendable {
        var file = "config.json"
        var key: String
        var value: (any Sendable)?
    }

    static let faults: [Fault] = [
        Fault(key: "hidden_size", value: nil),
        Fault(key: "hidden_size", value: 0),
        Fault(key: "hidden_size", value: "128"),
        Fault(key: "hidden_size", value: Int.max),
        Fault(key: "vocab_size", value: -1),
        Fault(key: "num_hidden_layers", value: 1.5),
        Fault(key: "num_attention_heads", value: 12),
        Fault(key: "num_key_value_heads", value: 3),
        Fault(key: "head_dim", value: 15),
        Fault(key: "rms_norm_eps", value: "small"),
        Fault(key: "rope_theta", value: 0),
        Fault(key: "hidden_act", value: "gelu"),
        Fault(key: "model_type", value: "llava"),
        Fault(key: "rope_scaling", value: 8),
        Fault(key: "tie_word_embeddings", value: 1),
        Fault(key: "compressor_size", value: 0),
        Fault(key: "prefusion_layer_num", value: -1),
        Fault(key: "mm_vision_select_layer", value: -6),
        Fault(key: "mm_vision_select_layer", value: 5),
        Fault(key: "mm_vision_select_feature", value: "cls"),
        Fault(key: "mm_projector_type", value: "mlp0x_gelu"),
        Fault(key: "mm_projector_type", value: "resampler"),
        Fault(key: "mm_hidden_size", value: 65),
        Fault(key: "mm_vision_tower", value: nil),
        Fault(key: "mm_vision_tower", value: ""),
        Fault(key: "mm_vision_tower", value: "a\0b"),
        Fault(key: "mm_vision_tower", value: "nowhere/clip"),
        Fault(key: "eos_token_id", value: [1, 2048]),
        Fault(key: "resolution_ratio", value: 100),
        Fault(key: "vignette_notice", value: 3),
        Fault(key: "vignette_quantization", value: ["layout": 2]),
        Fault(key: "vignette_quantization", value: 4),
        Fault(file: "vision_tower/config.json", key: "num_attention_heads", value: 5),
        Fault(file: "vision_tower/config.json", key: "hidden_act", value: "relu"),
        Fault(file: "vision_tower/config.json", key: "patch_size", value: 200),
        Fault(file: "vision_tower/config.json", key: "num_channels", value: 1),
        Fault(file: "vision_tower/preprocessor_config.json", key: "crop_size", value: 111),
        Fault(file: "vision_tower/preprocessor_config.json", key: "size", value: 100),
        Fault(file: "vision_tower/preprocessor_config.json", key: "image_mean", value: [1, 2]),
        Fault(file: "vision_tower/preprocessor_config.json", key: "image_std", value: [1, 0, 1]),
        Fault(file: "vision_tower/preprocessor_config.json", key: "resample", value: 2),
        Fault(file: "vision_tower/preprocessor_config.json", key: "do_resize", value: false),
    ]

    @Test(arguments: faults.indices)
    func aFaultIsNamedByFileAndKey(_ index: Int) throws {
        let fault = Self.faults[index]
        let copy = try CheckpointCopy()
        try copy.set([fault.key: fault.value], in: fault.file)
        let error = #expect(throws: ModelError.self) {
            try ModelConfiguration(folder: copy.folder)
        }
        let message = try #require(error).description
        #expect(message.contains("'\(fault.key)"))
        #expect(message.contains(fault.file))
    }

    @Test(arguments: ["yarn", "linear"])
    func unknownScalingIsRefused(type: String) throws {
        let copy = try CheckpointCopy()
        try copy.set(["rope_scaling": ["rope_type": type, "factor": 2] as [String: any Sendable]])
        let error = #expect(throws: ModelError.self) {
            try ModelConfiguration(folder: copy.folder)
        }
        #expect(try #require(error).description.contains("'rope_scaling.rope_type' is '\(type)'"))
    }

    @Test(arguments: ["", "[]", "{", "nonsense", "{\"a\": NaN}"])
    func whatIsNoObjectIsRefused(text: String) throws {
        let copy = try CheckpointCopy()
        try copy.write(Array(text.utf8), to: "config.json")
        let error = #expect(throws: ModelError.self) {
            try ModelConfiguration(folder: copy.folder)
        }
        #expect(try #require(error).path == copy.path("config.json"))
    }

    @Test func aMissingFileIsNamed() throws {
        let folder = try TemporaryDirectory()
        let error = #expect(throws: ModelError.self) {
            try ModelConfiguration(folder: folder.path)
        }
        #expect(try #require(error).description.contains("config.json: cannot be read"))
    }

    @Test(arguments: [
        "config.json", "vision_tower/config.json", "vision_tower/preprocessor_config.json",
    ])
    func damagedFilesAreReadOrRefused(file: String) throws {
        let copy = try CheckpointCopy()
        let original = try copy.bytes(of: file)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<250 {
            try copy.write(mutated(original, using: &generator), to: file)
            do throws(ModelError) {
                _ = try ModelConfiguration(folder: copy.folder)
            } catch {
                #expect(error.path?.string.hasPrefix(copy.folder.string) ?? false)
            }
        }
    }
}
