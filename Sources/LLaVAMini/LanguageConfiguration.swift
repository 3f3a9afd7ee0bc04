import ModelLoading

/// The language model's shape, from the keys of a Llama `config.json`.
public struct LanguageConfiguration: Equatable, Sendable {
    /// `hidden_size`: numbers in a hidden state.
    public let width: Int
    /// `intermediate_size`: numbers between the two halves of an MLP.
    public let intermediateWidth: Int
    /// `num_hidden_layers`.
    public let layers: Int
    /// `num_attention_heads`.
    public let heads: Int
    /// `num_key_value_heads`; divides `heads`.
    public let keyValueHeads: Int
    /// `head_dim`, or width over heads; even.
    public let headWidth: Int
    /// `vocab_size`.
    public let vocabularySize: Int
    /// `max_position_embeddings`.
    public let maximumPositions: Int
    /// `rms_norm_eps`.
    public let epsilon: Float
    /// `rope_theta`.
    public let ropeTheta: Double
    /// `rope_scaling`, where there is one.
    public let ropeScaling: RopeScaling?
    /// `tie_word_embeddings`: the output matrix is the embedding table.
    public let tiesEmbeddings: Bool
    /// `attention_bias`.
    public let attentionBias: Bool
    /// `mlp_bias`.
    public let mlpBias: Bool

    /// About how many weights a step of decoding reads: those of all layers and of the output matrix, without norms and
    /// biases.
    public var weights: Int {
        let attention = 2 * width * headWidth * (heads + keyValueHeads)
        return layers * (attention + 3 * width * intermediateWidth) + vocabularySize * width
    }

    init(_ file: ConfigurationFile) throws(ModelError) {
        width = try file.integer("hidden_size", in: 1...65_536)
        intermediateWidth = try file.integer("intermediate_size", in: 1...1_048_576)
        layers = try file.integer("num_hidden_layers", in: 1...1024)
        heads = try file.integer("num_attention_heads", in: 1...1024)
        keyValueHeads = try file.integer(
            "num_key_value_heads", in: 1...1024, default: heads)
        guard heads.isMultiple(of: keyValueHeads) else {
            throw file.wrong(
                "num_key_value_heads",
                "is \(keyValueHeads), which does not divide the \(heads) heads")
        }
        headWidth = try Self.headWidth(file, width: width, heads: heads)
        vocabularySize = try file.integer("vocab_size", in: 1...4_194_304)
        maximumPositions = try file.integer(
            "max_position_embeddings", in: 1...16_777_216, default: 2048)
        epsilon = Float(try file.number("rms_norm_eps", in: 0...1, default: 1e-6))
        let rope = try file.object("rope_parameters")
        ropeTheta = try (rope ?? file).number("rope_theta", in: 1...1e12, default: 10_000)
        let olderScaling = try file.object("rope_scaling")
        if let scaling = rope ?? olderScaling {
            ropeScaling = try RopeScaling.read(scaling)
        } else {
            ropeScaling = nil
        }
        tiesEmbeddings = try file.flag("tie_word_embeddings", default: false)
        attentionBias = try file.flag("attention_bias", default: false)
        mlpBias = try file.flag("mlp_bias", default: false)
        let activation = try file.text("hidden_act", default: "silu")
        guard activation == "silu" else {
            throw file.wrong("hidden_act", "is '\(activation)'; only 'silu' is known")
        }
    }

    private static func headWidth(
        _ file: ConfigurationFile, width: Int, heads: Int
    ) throws(ModelError) -> Int {
        let key = file["head_dim"] == nil ? "num_attention_heads" : "head_dim"
        if key == "num_attention_heads", !width.isMultiple(of: heads) {
            throw file.wrong(key, "is \(heads), which does not divide 'hidden_size' \(width)")
        }
        let headWidth = try file.integer("head_dim", in: 1...4096, default: width / heads)
        guard headWidth.isMultiple(of: 2) else {
            throw file.wrong(
                key, "gives heads of \(headWidth) numbers; rotary positions need pairs")
        }
        return headWidth
    }
}

/// How `llama3` stretches rotary positions beyond the context that a model was first trained on.
public struct RopeScaling: Equatable, Sendable {
    /// By how much long wavelengths are stretched.
    public let factor: Double
    /// Wavelengths above `originalPositions / lowFrequencyFactor` are stretched in full.
    public let lowFrequencyFactor: Double
    /// Wavelengths below `originalPositions / highFrequencyFactor` are left alone.
    public let highFrequencyFactor: Double
    /// The context of the first training.
    public let originalPositions: Double

    /// Reads a `rope_scaling` object; `nil` where it asks for nothing.
    static func read(_ file: ConfigurationFile) throws(ModelError) -> RopeScaling? {
        let key = file["rope_type"] == nil && file["type"] != nil ? "type" : "rope_type"
        switch try file.text(key, default: "default") {
        case "default": return nil
        case "llama3": return try RopeScaling(file)
        case let other: throw file.wrong(key, "is '\(other.prefix(60))'; only 'llama3' is known")
        }
    }

    private init(_ file: ConfigurationFile) throws(ModelError) {
        factor = try file.number("factor", in: 1...65_536)
        lowFrequencyFactor = try file.number("low_freq_factor", in: 1e-3...1e6)
        highFrequencyFactor = try file.number("high_freq_factor", in: 1e-3...1e6)
        originalPositions = Double(
            try file.integer("original_max_position_embeddings", in: 1...16_777_216))
        guard highFrequencyFactor > lowFrequencyFactor else {
            throw file.wrong("high_freq_factor", "is not above 'low_freq_factor'")
        }
    }
}
