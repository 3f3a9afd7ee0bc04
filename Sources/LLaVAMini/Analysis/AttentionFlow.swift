import Foundation
import Tensor

/// The attention that tokens of one kind paid to those of another in one layer.
public struct AttentionFlow: Equatable, Sendable {
    /// Who looks.
    public var from: TokenKind
    /// Who is looked at.
    public var to: TokenKind
    /// The mean, over the tokens that see any of the other kind, of the attention that they pay to all of these, 0 … 1.
    public var weight: Double
    /// How widely it is spread: the mean entropy, in nats, of the attention within the other kind, made to add up to 1.
    public var entropy: Double
    /// How many tokens see any of the other kind.
    public var tokens: Int
}

extension AttentionFlow {
    /// What a kind is given by one token.
    private struct Share {
        var sum = 0.0
        /// Σ a ln a.
        var product = 0.0

        /// −Σ p ln p of p = a / Σ a, which is ln Σ a − Σ (a ln a) / Σ a.
        var entropy: Double { max(log(sum) - product / sum, 0) }
    }

    /// Sums a layer's attention by kinds (Zhang et al., arXiv 2501.03895, Appendix A).
    ///
    /// `Attn(A→B) = Σ_{i∈A} Σ_{j∈B} a_ij / |{i∈A : Σ_{j∈B} a_ij > 0}|`; the divisor leaves out whom the mask keeps from
    /// all of B. The paper does not say which logarithm its entropy takes: here it is the natural one.
    ///
    /// - Parameters:
    ///   - weights: Attention averaged over the heads [tokens, tokens].
    ///   - kinds: What each token is; one that nobody attends to has none and does not count.
    /// - Returns: the pairs of kinds that see each other, in the order of `TokenKind.allCases`.
    static func flows(_ weights: Matrix, kinds: [TokenKind?]) -> [AttentionFlow] {
        precondition(weights.rows == kinds.count && weights.columns == kinds.count)
        let all = TokenKind.allCases
        let places = kinds.map { $0.flatMap(all.firstIndex) }
        var sums = [[(weight: Double, entropy: Double, tokens: Int)]](
            repeating: [(weight: Double, entropy: Double, tokens: Int)](
                repeating: (0, 0, 0), count: all.count), count: all.count)
        for (row, from) in places.enumerated() {
            guard let from else { continue }
            for (to, share) in shares(of: row, in: weights, places, kinds: all.count).enumerated()
            where share.sum > 0 {
                sums[from][to].weight += share.sum
                sums[from][to].entropy += share.entropy
                sums[from][to].tokens += 1
            }
        }
        return all.indices.flatMap { from in
            all.indices.compactMap { to in
                let sum = sums[from][to]
                guard sum.tokens > 0 else { return nil }
                return AttentionFlow(
                    from: all[from], to: all[to], weight: sum.weight / Double(sum.tokens),
                    entropy: sum.entropy / Double(sum.tokens), tokens: sum.tokens)
            }
        }
    }

    /// What one token gives to each kind; nothing behind its own place.
    private static func shares(
        of row: Int, in weights: Matrix, _ places: [Int?], kinds: Int
    ) -> [Share] {
        var shares = [Share](repeating: Share(), count: kinds)
        weights.read(row: row) { seen in
            for column in 0...row {
                guard let to = places[column], seen[column] > 0 else { continue }
                let weight = Double(seen[column])
                shares[to].sum += weight
                shares[to].product += weight * log(weight)
            }
        }
        return shares
    }
}
