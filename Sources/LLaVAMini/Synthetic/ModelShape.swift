import CLIP
import JSONScanning
public import ModelLoading
import SystemPackage

/// A model's sizes without its weights, for measuring a machine before anything is downloaded.
public enum ModelShape: String, CaseIterable, Sendable {
    /// The released LLaVA-Mini.
    case llavaMiniLlama = "llava-mini-llama-3.1-8b"
    /// LLaVA-Mini on Vicuna-7B, as in the paper's own table.
    case vicuna = "vicuna-7b"
    /// The model that comes with Vignette.
    case demo

    /// The sizes, as a checkpoint's files would have them.
    ///
    /// - Throws: `ModelError` if they contradict each other.
    public func configuration() throws(ModelError) -> ModelConfiguration {
        try ModelConfiguration(model: model, tower: tower)
    }

    /// Keys of `config.json`; those of MODEL.md and of Hugging Face's Llama.
    private var model: [String: JSONValue] {
        let language: [String: JSONValue] =
            switch self {
            case .llavaMiniLlama: Self.llama
            case .vicuna: Self.vicunaLanguage
            case .demo: Self.demoLanguage
            }
        let common: [String: JSONValue] = [
            "mm_vision_tower": .string("vision_tower"), "mm_vision_select_layer": .integer(-2),
            "mm_projector_type": .string("mlp2x_gelu"), "compressor_size": .integer(1),
            "prefusion_layer_num": .integer(self == .demo ? 2 : 4),
        ]
        return language.merging(common) { $1 }
    }

    private static let llama: [String: JSONValue] = [
        "hidden_size": .integer(4096), "intermediate_size": .integer(14_336),
        "num_hidden_layers": .integer(32), "num_attention_heads": .integer(32),
        "num_key_value_heads": .integer(8), "vocab_size": .integer(128_256),
        "max_position_embeddings": .integer(131_072), "rms_norm_eps": .number(1e-5),
        "rope_theta": .number(500_000),
        "rope_scaling": .object([
            "rope_type": .string("llama3"), "factor": .number(8),
            "low_freq_factor": .number(1), "high_freq_factor": .number(4),
            "original_max_position_embeddings": .integer(8192),
        ]),
    ]

    private static let vicunaLanguage: [String: JSONValue] = [
        "hidden_size": .integer(4096), "intermediate_size": .integer(11_008),
        "num_hidden_layers": .integer(32), "num_attention_heads": .integer(32),
        "vocab_size": .integer(32_000), "max_position_embeddings": .integer(4096),
        "rms_norm_eps": .number(1e-5),
    ]

    private static let demoLanguage: [String: JSONValue] = [
        "hidden_size": .integer(192), "intermediate_size": .integer(512),
        "num_hidden_layers": .integer(4), "num_attention_heads": .integer(3),
        "vocab_size": .integer(1895), "max_position_embeddings": .integer(2048),
        "rms_norm_eps": .number(1e-5), "image_aspect_ratio": .string("pad"),
    ]

    /// The text tower's sizes and the numbers in an embedding; nil where models of the shape have none.
    ///
    /// - Throws: `ModelError` if they contradict each other.
    func textTower() throws(ModelError) -> (CLIPTextConfiguration, dimension: Int)? {
        guard self != .demo else { return nil }
        let file = ConfigurationFile(
            path: "vision_tower/config.json",
            values: [
                "hidden_size": .integer(768), "intermediate_size": .integer(3072),
                "num_hidden_layers": .integer(12), "num_attention_heads": .integer(12),
            ])
        return (try CLIPTextConfiguration(file), 768)
    }

    /// Keys of the vision tower's `config.json`: CLIP's ViT-L/14 at 336 pixels, or the demo's.
    private var tower: [String: JSONValue] {
        guard self == .demo else {
            return [
                "hidden_size": .integer(1024), "intermediate_size": .integer(4096),
                "num_hidden_layers": .integer(24), "num_attention_heads": .integer(16),
                "image_size": .integer(336), "patch_size": .integer(14),
                "projection_dim": .integer(768),
            ]
        }
        return [
            "hidden_size": .integer(192), "intermediate_size": .integer(768),
            "num_hidden_layers": .integer(7), "num_attention_heads": .integer(3),
            "image_size": .integer(112), "patch_size": .integer(14),
        ]
    }
}

extension ModelConfiguration {
    /// Takes the keys of the two `config.json` files, and the processor's defaults.
    ///
    /// - Throws: `ModelError` naming the key that is missing or wrong.
    init(
        model: [String: JSONValue], tower: [String: JSONValue]
    ) throws(ModelError) {
        let file = { (name: String, values) in
            ConfigurationFile(path: FilePath(name), values: values)
        }
        try self.init(
            file("config.json", model),
            tower: VisionTowerFiles(
                folder: "vision_tower", configuration: file("vision_tower/config.json", tower),
                preprocessor: file("preprocessor_config.json", [:])),
            generation: nil)
    }
}

extension VisionTowerFiles {
    /// Takes files that have been read.
    init(
        folder: FilePath, configuration: ConfigurationFile, preprocessor: ConfigurationFile
    ) {
        self.folder = folder
        self.configuration = configuration
        self.preprocessor = preprocessor
    }
}
