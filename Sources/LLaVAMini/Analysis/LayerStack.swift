import ModelLoading
import Tensor

/// A sequence on its way through layers.
struct Strand {
    /// [tokens, width].
    var states: Matrix
    /// Where each token stands, for its rotation.
    var positions: [Int]
    /// What each token is; nobody attends to one that is nothing.
    var kinds: [TokenKind?]

    /// The sequence without the tokens of some kinds; what is left keeps its positions.
    func without(_ dropped: Set<TokenKind>) -> Strand {
        let kept = kinds.indices.filter { kinds[$0].map { !dropped.contains($0) } ?? true }
        return Strand(
            states: states.gathering(kept), positions: kept.map { positions[$0] },
            kinds: kept.map { kinds[$0] })
    }
}

/// Layers of a model, through which whole sequences are taken to be looked at.
///
/// Answers are written by `LanguageModel` and `PreFusion`, which compute no more than they need; here every token is
/// asked of every layer, so that all attention can be seen.
struct LayerStack {
    let layers: [DecoderLayer]
    let rotary: RotaryEmbedding
    let attention: MultiHeadAttention

    /// Takes sequences through the layers side by side, and the first also as it would go without some tokens.
    ///
    /// Up to the layer at which tokens are dropped all is as it was, so that each such sequence branches off the first
    /// one there; weights are read once for all.
    ///
    /// - Parameters:
    ///   - strands: The sequences; each attends to itself alone, causally.
    ///   - dropped: Kinds of tokens that the first one loses.
    ///   - cuts: The layers, ascending, before which it loses them.
    ///   - observe: Given a layer and the attention of the first sequence averaged over the heads [tokens, tokens].
    ///   - shouldStop: Asked between layers.
    /// - Returns: the sequences behind the last layer, and what became of the first one for each cut.
    /// - Throws: `CancellationError` where `shouldStop` says so.
    func callAsFunction(
        _ strands: [Strand], dropping dropped: Set<TokenKind> = [], at cuts: [Int] = [],
        observe: (Int, Matrix) -> Void, shouldStop: StopCheck
    ) throws -> (strands: [Strand], cut: [Strand]) {
        var all = strands
        for (index, layer) in layers.enumerated() {
            try checkForStop(shouldStop)
            if cuts.contains(index) { all.append(all[0].without(dropped)) }
            let states = pass(all, through: layer) { observe(index, $0) }
            let spans = [Range<Int>].consecutive(all.map(\.positions.count))
            for (place, span) in spans.enumerated() { all[place].states = states.rows(span) }
        }
        return (Array(all.prefix(strands.count)), Array(all.dropFirst(strands.count)))
    }

    /// One layer for all; hands on what the first one's tokens attended to.
    private func pass(
        _ strands: [Strand], through layer: DecoderLayer, _ observe: (Matrix) -> Void
    ) -> Matrix {
        let spans = [Range<Int>].consecutive(strands.map(\.positions.count))
        return layer(
            Matrix(stacking: strands.map(\.states)),
            rotation: rotary.rotation(strands.flatMap(\.positions))
        ) { queries, new in
            let parts = zip(strands, spans).map { strand, span in
                AttentionPart(
                    rows: span, segments: [new.rows(span)],
                    mask: .causal(hidden: strand.kinds.map { $0 == nil }))
            }
            var (result, weights) = attention.averagingWeights(queries, parts: [parts[0]])
            observe(weights[0])
            if parts.count > 1 {
                let others = attention(queries, parts: Array(parts.dropFirst()))
                result = Matrix(stacking: [
                    result.rows(spans[0]), others.rows(spans[0].upperBound..<queries.rows),
                ])
            }
            return result
        }
    }
}
