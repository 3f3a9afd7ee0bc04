import Foundation
import ModelLoading
import Tensor

/// From the cosine of a text's and a picture's embeddings to how likely the picture shows what the text says.
///
/// SigLIP's (Zhai et al., "Sigmoid Loss for Language Image Pre-Training", 2023):
/// `sigmoid(exp(logit_scale) · cosine + logit_bias)`. A CLIP that was trained without it has no such measure, since
/// it only learnt which of many texts suits a picture best.
public struct SimilarityCalibration: Equatable, Sendable {
    /// What cosines are multiplied with; more than 0.
    public let scale: Double
    /// Log odds where a cosine is 0.
    public let bias: Double

    /// Its tensors.
    static let tensors = [
        TensorShape(CLIPFolder.logitScale, 1), TensorShape(CLIPFolder.logitBias, 1),
    ]

    /// Builds it from its parts.
    public init(scale: Double, bias: Double) {
        (self.scale, self.bias) = (scale, bias)
    }

    /// Reads it; nil where its numbers are none, or make nothing of a similarity.
    init?(from weights: WeightInventory) throws(ModelError) {
        guard let logScale = try weights.tensor(CLIPFolder.logitScale).floats.first,
            let bias = try weights.tensor(CLIPFolder.logitBias).floats.first
        else { return nil }
        let scale = exp(Double(logScale))
        guard scale.isFinite, scale > 0, bias.isFinite else { return nil }
        self.init(scale: scale, bias: Double(bias))
    }

    /// How likely it is, 0 … 1.
    public func probability(ofSimilarity cosine: Double) -> Double {
        1 / (1 + exp(-(scale * cosine + bias)))
    }

    /// The cosine from which on it is so likely.
    ///
    /// - Precondition: The probability lies between 0 and 1.
    public func similarity(ofProbability probability: Double) -> Double {
        precondition(probability > 0 && probability < 1)
        return (log(probability / (1 - probability)) - bias) / scale
    }
}
