import Foundation
import ModelLoading
import Tensor

/// How sure a language model is of an answer that it is shown.
public struct AnswerHold: Equatable, Sendable {
    /// The share of the answer's tokens that are still what the model would say first behind the ones before, 0 … 1.
    public var kept: Double
    /// The geometric mean of the probabilities that it gives them, 0 … 1.
    public var probability: Double
}

extension LanguageModel {
    /// How sure the model is of an answer, from the states of a sequence that ends with it.
    ///
    /// - Parameters:
    ///   - strand: Behind the last layer.
    ///   - answer: The tokens at its end; at least one.
    /// - Returns: how sure it is.
    /// - Throws: `ModelError` where the model computed something that is no number.
    func hold(of strand: Strand, on answer: [Int]) throws -> AnswerHold {
        let end = strand.positions.count - 1
        let logits = logits(strand.states.rows(end - answer.count..<end))
        var (kept, likelihood) = (0, 0.0)
        for (row, token) in answer.enumerated() {
            guard let best = logits.largest(inRow: row) else {
                throw ModelError(
                    nil, "the model computed something that is no number",
                    advice: "Its weights are damaged: copy or download the checkpoint again.")
            }
            kept += best.column == token ? 1 : 0
            likelihood += log(Double(max(logits.softmax(ofColumn: token, inRow: row), 1e-30)))
        }
        let count = Double(answer.count)
        return AnswerHold(
            kept: Double(kept) / count, probability: exp(likelihood / count))
    }
}
