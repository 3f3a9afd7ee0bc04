import Foundation
import Tensor
import TestSupport
import Testing

@testable import LLaVAMini

/// The paper's formulas, against themselves written out.
@Suite struct AttentionFlowTests {
    /// Causal attention of random tokens of random kinds; nobody attends to those without.
    private static func example(
        _ tokens: Int, using generator: inout SeededGenerator
    ) -> (weights: Matrix, kinds: [TokenKind?]) {
        let kinds = (0..<tokens).map { place -> TokenKind? in
            // The first is seen, so that every token sees one.
            place > 0 && Int.random(in: 0..<8, using: &generator) == 0
                ? nil : TokenKind.allCases.randomElement(using: &generator)
        }
        var values = [Float](repeating: 0, count: tokens * tokens)
        for row in 0..<tokens {
            let seen = (0...row).filter { kinds[$0] != nil }
            let raw = seen.map { _ in Float.random(in: 0.01...1, using: &generator) }
            for (column, weight) in zip(seen, raw) {
                values[row * tokens + column] = weight / raw.reduce(0, +)
            }
        }
        return (Matrix(rows: tokens, columns: tokens, values: values), kinds)
    }

    /// `Attn(A→B)` and the entropy, as Appendix A has them.
    private static func slowly(
        _ weights: Matrix, _ kinds: [TokenKind?], _ from: TokenKind, _ to: TokenKind
    ) -> AttentionFlow? {
        let targets = kinds.indices.filter { kinds[$0] == from }
        let sources = kinds.indices.filter { kinds[$0] == to }
        let sums = targets.map { row in sources.reduce(0.0) { $0 + Double(weights[row, $1]) } }
        let seeing = sums.count { $0 > 0 }
        guard seeing > 0 else { return nil }
        let entropies = zip(targets, sums).filter { $0.1 > 0 }.map { row, sum in
            sources.map { Double(weights[row, $0]) / sum }.filter { $0 > 0 }
                .reduce(0.0) { $0 - $1 * log($1) }
        }
        return AttentionFlow(
            from: from, to: to, weight: sums.reduce(0, +) / Double(seeing),
            entropy: entropies.reduce(0, +) / Double(seeing), tokens: seeing)
    }

    @Test func matchesItsSlowTwin() throws {
        var generator = SeededGenerator(seed: 201)
        for tokens in [1, 2, 9, 30] {
            let (weights, kinds) = Self.example(tokens, using: &generator)
            let flows = AttentionFlow.flows(weights, kinds: kinds)
            for from in TokenKind.allCases {
                for to in TokenKind.allCases {
                    let flow = flows.first { $0.from == from && $0.to == to }
                    let slow = Self.slowly(weights, kinds, from, to)
                    #expect((flow == nil) == (slow == nil))
                    guard let flow, let slow else { continue }
                    #expect(abs(flow.weight - slow.weight) < 1e-6)
                    #expect(abs(flow.entropy - slow.entropy) < 1e-6)
                    #expect(flow.tokens == slow.tokens)
                }
            }
        }
    }

    /// What a token gives to all kinds together is 1: kinds leave nothing out and count nothing twice.
    @Test func kindsPartitionTheTokens() throws {
        var generator = SeededGenerator(seed: 202)
        for _ in 0..<20 {
            let (weights, kinds) = Self.example(20, using: &generator)
            let flows = AttentionFlow.flows(weights, kinds: kinds)
            for from in TokenKind.allCases {
                let own = flows.filter { $0.from == from }
                let count = kinds.count { $0 == from }
                let given = own.reduce(0.0) { $0 + $1.weight * Double($1.tokens) }
                #expect(abs(given - Double(count)) < 1e-4)
            }
        }
    }

    @Test func oneTokenHasNoEntropy() {
        let flows = AttentionFlow.flows(
            Matrix(rows: 2, columns: 2, values: [1, 0, 0.25, 0.75]),
            kinds: [.compressed, .response])
        #expect(flows.allSatisfy { $0.entropy == 0 })
        #expect(flows.map(\.weight) == [1, 0.25, 0.75])
    }

    @Test func aMapOfManyTokensIsFolded() {
        let tokens = 600
        var values = [Float](repeating: 0, count: tokens * tokens)
        for row in 0..<tokens { values[row * tokens] = 1 }
        let map = AttentionMap(
            Matrix(rows: tokens, columns: tokens, values: values),
            kinds: [TokenKind?](repeating: .vision, count: tokens))
        #expect(map.tokensOfCell == 3 && map.edge == 200)
        #expect(map.weights[0] == 1 / 3 && map.weights[1] == 0)
        #expect(abs(map.weights.reduce(0, +) * 9 - Float(tokens)) < 0.1)
    }
}
