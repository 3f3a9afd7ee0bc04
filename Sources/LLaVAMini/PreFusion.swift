import ModelLoading
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
        attention = MultiHeadAttention(c.language, of: layers)
        keyValueWidth = c.language.keyValueHeads * c.language.headWidth
    }

    /// The layers, to be looked into.
    var stack: LayerStack { LayerStack(layers: layers, rotary: rotary, attention: attention) }

    /// Runs images, [HD patches, patches, compressed tokens] by width each, in one pass.
    ///
    /// Of the last layer nobody but the compressed tokens is asked for anything beyond keys and
    /// values, so there the patches are spared query, attention and MLP.
    ///
    /// - Parameters:
    ///   - sequences: Each image's rows, the compressed tokens last.
    ///   - compressed: How many compressed tokens an image has.
    ///   - shouldStop: Asked between layers.
    /// - Returns: of each image the compressed tokens' hidden states [compressed, width], and keys
    ///   and values of all rows.
    /// - Throws: `CancellationError` where `shouldStop` says so.
    func images(
        _ sequences: [Matrix], compressed: Int, shouldStop: StopCheck
    ) throws -> [(tokens: Matrix, cache: KVCache)] {
        var caches = sequences.map { _ in KVCache(layers: layers.count, width: keyValueWidth) }
        let spans = [Range<Int>].consecutive(sequences.map(\.rows))
        let tokenSpans = [Range<Int>].equal(sequences.count, of: compressed)
        let tokens = spans.flatMap { $0.suffix(compressed) }
        let positions = spans.flatMap { 0..<$0.count }
        let rotation = rotary.rotation(positions)
        let asked = AskedRows(
            rows: tokens, rotation: rotary.rotation(tokens.map { positions[$0] }))
        var hidden = Matrix(stacking: sequences)
        for (index, layer) in layers.enumerated() {
            try checkForStop(shouldStop)
            let isLast = index == layers.count - 1
            hidden = layer(hidden, rotation: rotation, asked: isLast ? asked : nil) {
                queries, new in
                for (place, span) in spans.enumerated() {
                    caches[place].layers[index] = new.rows(span)
                }
                let parts = zip(isLast ? tokenSpans : spans, caches).map { rows, cache in
                    AttentionPart(
                        rows: rows, segments: [cache.layers[index]], mask: .causal)
                }
                return attention(queries, parts: parts)
            }
        }
        let found = layers.isEmpty ? hidden.gathering(tokens) : hidden
        return zip(tokenSpans, caches).map { (found.rows($0), $1) }
    }

    /// Runs texts, each against its image, in one pass.
    ///
    /// - Parameters:
    ///   - groups: The texts of each image.
    ///   - count: So many of the first layers, where not all are wanted.
    ///   - observe: Given each row of attention weights, where anybody wants them: the layer, the passage's place,
    ///     the head, the row within the passage, the weights.
    ///   - shouldStop: Asked between layers.
    /// - Returns: hidden states of all rows, in the order of `TextGroup.passages`, group after
    ///   group; those of hidden rows mean nothing.
    /// - Throws: `CancellationError` where `shouldStop` says so.
    func texts(
        _ groups: [TextGroup], layers count: Int = .max,
        observe: LanguageModel.AttentionObserver? = nil,
        shouldStop: StopCheck
    ) throws -> Matrix {
        let rotation = rotary.rotation(groups.flatMap(\.positions))
        let spans = [Range<Int>].consecutive(groups.flatMap { $0.passages.map(\.marks.count) })
        var states = Matrix(stacking: groups.flatMap { $0.passages.map(\.embeddings) })
        for (index, layer) in layers.prefix(count).enumerated() {
            try checkForStop(shouldStop)
            states = layer(states, rotation: rotation) { queries, new in
                var remaining = spans[...]
                let parts = groups.flatMap { group in
                    let own = remaining.prefix(group.passages.count)
                    remaining = remaining.dropFirst(own.count)
                    return group.parts(new, image: group.image.layers[index], spans: Array(own))
                }
                guard let observe else { return attention(queries, parts: parts) }
                return attention.observing(queries, parts: parts) {
                    part, head, row, weights, count in
                    observe(
                        index, part, head, row, UnsafeBufferPointer(start: weights, count: count))
                }
            }
        }
        return states
    }
}

extension MultiHeadAttention {
    /// The heads of a language model's layers.
    init(_ c: LanguageConfiguration, of layers: [DecoderLayer]) {
        self.init(
            heads: c.heads, keyValueHeads: c.keyValueHeads, headWidth: c.headWidth,
            rounds: layers.allSatisfy(\.roundsRows))
    }
}
