import Tensor

/// Decoder layers in which text meets the patches before the language model sees either.
///
/// The mask is causal and the image stands first. Its hidden states therefore do not depend on the
/// text: they are computed once, and every text runs against their keys and values.
struct PreFusion: Sendable {
    private let layers: [DecoderLayer]
    private let rotary: RotaryEmbedding
    private let attention: MultiHeadAttention
    private let keyValueWidth: Int

    private static func key(_ layer: Int) -> String { "model.prefusion_layers.\(layer)" }

    static func tensors(_ c: ModelConfiguration) -> [TensorShape] {
        (0..<c.preFusionLayers).flatMap { DecoderLayer.tensors(at: key($0), c.language) }
    }

    init(_ c: ModelConfiguration, from weights: WeightInventory) throws {
        layers = try (0..<c.preFusionLayers).map {
            try DecoderLayer(at: Self.key($0), c.language, from: weights)
        }
        rotary = RotaryEmbedding(c.language)
        attention = MultiHeadAttention(c.language)
        keyValueWidth = c.language.keyValueHeads * c.language.headWidth
    }

    /// Runs an image: [HD patches, patches, compressed tokens] by width.
    ///
    /// Of the last layer nobody but the compressed tokens is asked for anything beyond keys and
    /// values, so there the patches are spared query, attention and MLP.
    ///
    /// - Parameters:
    ///   - sequence: The image's rows, the compressed tokens last.
    ///   - compressed: How many compressed tokens there are.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the compressed tokens' hidden states [compressed, width], and keys and values of
    ///   all rows.
    /// - Throws: `CancellationError` where `shouldStop` says so.
    func image(
        _ sequence: Matrix, compressed: Int, shouldStop: StopCheck
    ) throws -> (tokens: Matrix, cache: KVCache) {
        var cache = KVCache(layers: layers.count, width: keyValueWidth)
        var hidden = sequence
        let rotation = rotary.rotation(Array(0..<sequence.rows))
        for (index, layer) in layers.enumerated() {
            try checkForStop(shouldStop)
            let isLast = index == layers.count - 1
            hidden = layer(
                hidden, rotation: rotation, queriesFrom: isLast ? sequence.rows - compressed : 0
            ) { queries, new in
                cache.layers[index] = new
                return attention(queries, over: [new], mask: .causal)
            }
        }
        return (hidden.rows(hidden.rows - compressed..<hidden.rows), cache)
    }

    /// Runs a text against an image.
    ///
    /// - Parameters:
    ///   - embeddings: The text's plain embeddings [text, width].
    ///   - marks: Rows that nobody attends to and that take no position.
    ///   - image: What `image` kept.
    ///   - imageRows: How many rows the image had.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the text's hidden states [text, width]; those of hidden rows mean nothing.
    /// - Throws: `CancellationError` where `shouldStop` says so.
    func text(
        _ embeddings: Matrix, hidden marks: [Bool], image: KVCache, imageRows: Int,
        shouldStop: StopCheck
    ) throws -> Matrix {
        var next = imageRows
        let positions = marks.map { isHidden in
            defer { next += isHidden ? 0 : 1 }
            return next
        }
        let rotation = rotary.rotation(positions)
        var states = embeddings
        for (layer, cached) in zip(layers, image.layers) {
            try checkForStop(shouldStop)
            states = layer(states, rotation: rotation) { queries, new in
                attention(queries, over: [cached, new], mask: .causal(hidden: marks))
            }
        }
        return states
    }
}

extension MultiHeadAttention {
    /// The heads of a language model's layer.
    init(_ c: LanguageConfiguration) {
        self.init(heads: c.heads, keyValueHeads: c.keyValueHeads, headWidth: c.headWidth)
    }
}
