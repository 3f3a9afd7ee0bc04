import ModelLoading
import Tensor

/// An ordinary Llama: embeddings in, the next token's logits out.
struct LanguageModel: Sendable {
    /// Sees a row of attention weights: layer, context, head, row, the weights of all positions up to its own.
    typealias AttentionObserver = (Int, Int, Int, Int, UnsafeBufferPointer<Float>) -> Void

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
            + layerTensors(c)
    }

    /// The layers' own, which are read whole for every token; of the embeddings a few rows are.
    static func layerTensors(_ c: LanguageConfiguration) -> [TensorShape] {
        (0..<c.layers).flatMap { DecoderLayer.tensors(at: key($0), c) }
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
        attention = MultiHeadAttention(c, of: layers)
    }

    /// How exactly keys and values are kept.
    var precision: KeyValues.Precision { layers.first?.precision ?? .single }

    /// A context that nothing has been read into, behind positions that others share.
    ///
    /// - Parameters:
    ///   - shared: What was read before by others too.
    ///   - room: Positions that are expected to follow.
    /// - Returns: the context.
    func context(after shared: KVCache? = nil, room: Int = 0) -> Context {
        Context(
            shared: shared,
            own: KVCache(
                layers: layers.count,
                width: configuration.keyValueHeads * configuration.headWidth, room: room,
                precision: precision))
    }

    /// Reads rows into several contexts at once, so that each weight is read once for all of them.
    ///
    /// A context may follow another of the same pass: what that one reads stands before its own.
    ///
    /// - Parameters:
    ///   - rows: Embeddings [rows, width], one context's after the other's.
    ///   - readings: How many rows each context gets, and which it follows.
    ///   - contexts: What was read before; grows by the rows.
    ///   - observe: Given each row of attention weights, where anybody wants them: the layer, the context's place,
    ///     the head, the row among those of the context that the layer asks for, the weights.
    ///   - shouldStop: Asked between layers.
    /// - Returns: the hidden states of the rows that are asked, one context's after the other's:
    ///   [asked, width].
    /// - Throws: `CancellationError` where `shouldStop` says so.
    func read(
        _ rows: Matrix, _ readings: [Reading], into contexts: inout [Context],
        observe: AttentionObserver? = nil, shouldStop: StopCheck
    ) throws -> Matrix {
        let spans = [Range<Int>].consecutive(readings.map(\.count))
        let positions = zip(readings, contexts).flatMap { reading, context in
            let first = context.count + (reading.parent.map { readings[$0].count } ?? 0)
            return first..<first + reading.count
        }
        let rotation = rotary.rotation(positions)
        // Of the last layer only what is returned is asked for.
        let asking = readings.indices.filter { readings[$0].asked > 0 }
        let last = asking.flatMap { spans[$0].suffix(readings[$0].asked) }
        let asked = AskedRows(
            rows: last, rotation: rotary.rotation(last.map { positions[$0] }))
        var hidden = rows
        for (index, layer) in layers.enumerated() {
            try checkForStop(shouldStop)
            let isLast = index == layers.count - 1
            hidden = layer(hidden, rotation: rotation, asked: isLast ? asked : nil) {
                queries, new in
                for (place, span) in spans.enumerated() {
                    contexts[place].append(new, rows: span, layer: index)
                }
                let places = isLast ? asking : Array(spans.indices)
                let querySpans = isLast ? .consecutive(asking.map { readings[$0].asked }) : spans
                let parts = zip(places, querySpans).map { place, rows in
                    let before = readings[place].parent.map { contexts[$0].own.layers[index] }
                    return AttentionPart(
                        rows: rows,
                        segments: contexts[place].segments(ofLayer: index, after: before),
                        mask: .causal)
                }
                guard let observe else { return attention(queries, parts: parts) }
                return attention.observing(queries, parts: parts) {
                    part, head, row, weights, count in
                    observe(
                        index, places[part], head, row,
                        UnsafeBufferPointer(start: weights, count: count))
                }
            }
        }
        for (place, reading) in readings.enumerated() {
            guard let parent = reading.parent else { continue }
            contexts[place].shared = contexts[parent].own
        }
        return layers.isEmpty ? hidden.gathering(last) : hidden
    }

    /// The layers, to be looked into.
    var stack: LayerStack { LayerStack(layers: layers, rotary: rotary, attention: attention) }

    /// The next token's logits [rows, vocabulary] of hidden states [rows, width].
    func logits(_ hidden: Matrix) -> Matrix { head(norm(hidden)) }
}
