import Tensor

/// An ordinary Llama: embeddings in, the next token's logits out.
struct LanguageModel: Sendable {
    private static let embeddingKey = "model.embed_tokens.weight"
    private static let headKey = "lm_head"
    private static func key(_ layer: Int) -> String { "model.layers.\(layer)" }

    let configuration: LanguageConfiguration
    /// [vocabulary, width].
    let embed: EmbeddingTable
    private let layers: [DecoderLayer]
    private let norm: RMSNorm
    /// [vocabulary, width]; the embedding table itself where the two are tied.
    private let head: Linear
    private let rotary: RotaryEmbedding
    private let attention: MultiHeadAttention

    static func tensors(_ c: LanguageConfiguration) -> [TensorShape] {
        let head = TensorShape("\(headKey).weight", c.vocabularySize, c.width)
        return [
            TensorShape(embeddingKey, c.vocabularySize, c.width),
            TensorShape("model.norm.weight", c.width),
        ] + (c.tiesEmbeddings ? [] : [head])
            + (0..<c.layers).flatMap { DecoderLayer.tensors(at: key($0), c) }
    }

    init(_ c: LanguageConfiguration, from weights: WeightInventory) throws {
        configuration = c
        let embeddings = try weights.tensor(Self.embeddingKey)
        embed = EmbeddingTable(embeddings)
        layers = try (0..<c.layers).map {
            try DecoderLayer(at: Self.key($0), c, from: weights)
        }
        norm = try weights.rmsNorm("model.norm", epsilon: c.epsilon)
        head = c.tiesEmbeddings ? Linear(weight: embeddings) : try weights.linear(Self.headKey)
        rotary = RotaryEmbedding(c)
        attention = MultiHeadAttention(c)
    }

    /// A context that nothing has been read into, behind positions that others share.
    func context(after shared: KVCache? = nil) -> Context {
        Context(
            shared: shared,
            own: KVCache(
                layers: layers.count,
                width: configuration.keyValueHeads * configuration.headWidth))
    }

    /// Reads rows into several contexts at once, so that each weight is read once for all of them.
    ///
    /// - Parameters:
    ///   - rows: Embeddings [rows, width], one context's after the other's.
    ///   - lengths: How many rows each context gets, at least one each.
    ///   - contexts: What was read before; grows by the rows.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the hidden state of each context's last row: [contexts, width].
    /// - Throws: `CancellationError` where `shouldStop` says so.
    func read(
        _ rows: Matrix, lengths: [Int], into contexts: inout [Context], shouldStop: StopCheck
    ) throws -> Matrix {
        var end = 0
        let spans = lengths.map { length in
            defer { end += length }
            return end..<end + length
        }
        let rotation = rotary.rotation(
            zip(lengths, contexts).flatMap { length, context in
                context.count..<context.count + length
            })
        var hidden = rows
        for (index, layer) in layers.enumerated() {
            try checkForStop(shouldStop)
            hidden = layer(hidden, rotation: rotation) { queries, new in
                let results = spans.enumerated().map { place, span in
                    contexts[place].append(new, rows: span, layer: index)
                    return attention(
                        queries.rows(span), over: contexts[place].segments(ofLayer: index),
                        mask: .causal)
                }
                return Matrix(stacking: results)
            }
        }
        return hidden.gathering(spans.map { $0.upperBound - 1 })
    }

    /// The next token's logits [rows, vocabulary] of hidden states [rows, width].
    func logits(_ hidden: Matrix) -> Matrix { head(norm(hidden)) }
}

/// What a language model has read: positions shared with other contexts, then its own.
struct Context: Sendable {
    /// Keys and values that are never added to.
    let shared: KVCache?
    /// Keys and values that follow.
    var own: KVCache

    /// How many positions have been read.
    var count: Int { (shared?.count ?? 0) + own.count }

    mutating func append(_ new: KeyValues, rows: Range<Int>, layer: Int) {
        own.layers[layer].append(keys: new.keys.rows(rows), values: new.values.rows(rows))
    }

    func segments(ofLayer layer: Int) -> [KeyValues] {
        guard let shared else { return [own.layers[layer]] }
        return [shared.layers[layer], own.layers[layer]]
    }
}
