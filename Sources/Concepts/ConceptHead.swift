import Foundation
package import ModelLoading
package import Tensor

/// From the whole picture's features to how likely it shows each concept.
///
/// A linear layer and a small bent one on the features, beside what a classifier of other classes makes of them: it
/// has learnt from many more pictures than the rest, and knows things of which the rest has seen no example. With x
/// the features [P], and the calibration folded into the layers:
///
///     likely = softmax(classifier(x))                          classes
///     shown  = the sum of `likely` over a concept's classes    concepts
///     heard  = logit(shown) − logit(0.001), shown kept within 0.001 … 0.999
///     p      = sigmoid(straight(x) + trust ⊙ heard + bent(gelu(hidden([x ; heard]))))
///
/// and p is at least `shown` where the classifier is sure of a concept for which it is believed.
package struct ConceptHead: Sendable {
    private static let key = "model.concept_head"
    /// Less than this the classifier's probabilities say nothing.
    private static let unheard: Float = 1e-3

    private let list: ConceptList
    private let classifier: Linear
    private let straight: Linear
    private let trust: [Float]
    private let hidden: Linear
    private let bent: Linear

    /// The tensors that a checkpoint holds for it.
    ///
    /// - Parameters:
    ///   - list: Its concepts.
    ///   - width: Numbers in the whole picture's features.
    ///   - classified: How many of them, from the first on, the classifier takes.
    /// - Returns: their keys and shapes.
    package static func tensors(
        _ list: ConceptList, width: Int, classified: Int
    ) -> [TensorShape] {
        let concepts = list.concepts.count
        return TensorShape.linear(
            "\(key).classifier", inputs: classified, outputs: list.classes, hasBias: true)
            + TensorShape.linear(
                "\(key).straight", inputs: width, outputs: concepts, hasBias: true)
            + TensorShape.linear(
                "\(key).hidden", inputs: width + concepts, outputs: list.hiddenWidth,
                hasBias: true)
            + TensorShape.linear(
                "\(key).bent", inputs: list.hiddenWidth, outputs: concepts, hasBias: false)
            + [TensorShape("\(key).trust", concepts)]
    }

    /// Loads the head.
    ///
    /// - Throws: `ModelError` where a tensor is not among the weights.
    package init(_ list: ConceptList, from weights: WeightInventory) throws(ModelError) {
        self.list = list
        classifier = try weights.linear("\(Self.key).classifier")
        straight = try weights.linear("\(Self.key).straight")
        hidden = try weights.linear("\(Self.key).hidden")
        bent = try weights.linear("\(Self.key).bent")
        trust = Matrix(try weights.tensor("\(Self.key).trust")).values
    }

    /// Features of whole pictures [pictures, P] to probabilities, of each picture.
    package func callAsFunction(_ features: Matrix) -> [ConceptProbabilities] {
        let shown = shown(features)
        let heard = shown.map(Self.heard)
        let concepts = list.concepts.count
        var logits = straight(features)
        logits += bent(bending(features, heard: heard))
        return shown.indices.map { picture in
            ConceptProbabilities(
                (0..<concepts).map { concept in
                    let own = logits[picture, concept] + trust[concept] * heard[picture][concept]
                    return believing(shown[picture][concept], 1 / (1 + exp(-own)), concept)
                })
        }
    }

    /// What the classifier makes of each concept: [pictures][concepts].
    private func shown(_ features: Matrix) -> [[Float]] {
        let classes = classifier(features.columns(0..<classifier.inputs))
        return (0..<classes.rows).map { picture in
            let likely = Self.softmax(classes.rows(picture..<picture + 1).values)
            return list.concepts.map { concept in
                concept.classes.reduce(0) { $0 + likely[$1] }
            }
        }
    }

    private func bending(_ features: Matrix, heard: [[Float]]) -> Matrix {
        let joined = heard.enumerated().flatMap { picture, heard in
            features.rows(picture..<picture + 1).values + heard
        }
        var hidden = hidden(
            Matrix(
                rows: heard.count, columns: features.columns + list.concepts.count, values: joined))
        hidden.apply(.gelu)
        return hidden
    }

    private func believing(_ shown: Float, _ own: Float, _ concept: Int) -> Float {
        list.concepts[concept].isBelieved && shown >= list.sure ? max(own, min(shown, 1)) : own
    }

    private static func heard(_ shown: [Float]) -> [Float] {
        let least = log(unheard / (1 - unheard))
        return shown.map { value in
            let kept = min(max(value, unheard), 1 - unheard)
            return log(kept / (1 - kept)) - least
        }
    }

    private static func softmax(_ logits: [Float]) -> [Float] {
        let largest = logits.max() ?? 0
        let powers = logits.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
