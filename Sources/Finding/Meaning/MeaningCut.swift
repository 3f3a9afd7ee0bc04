public import CLIP
import VectorIndex

/// Where the pictures end that a text means.
///
/// Every picture is a little like every text, so that the nearest alone are no answer.
public enum MeaningCut: Equatable, Sendable {
    /// Where a picture is less likely than this to show what the text says, by a model that tells how likely it is.
    case probability(Double, SimilarityCalibration)
    /// Where a picture no longer stands out, for models that only compare.
    ///
    /// How like is usual differs from text to text and from model to model, so each text is measured against the
    /// library itself: a picture is kept where its similarity lies so many standard deviations above the mean over
    /// pictures evenly spread, and at least so far above it as a share of the best one's distance. The first leaves
    /// nothing of a text that no picture stands out for; the second keeps a text that some pictures fit well from
    /// bringing along all that fit it a little. SPEED.md has what the numbers were chosen by.
    case distribution(deviations: Double, shareOfBest: Double)

    /// What `search` uses: more likely than not where the model tells, else what stands out.
    ///
    /// - Parameter calibration: What the model tells of similarities.
    /// - Returns: The cut.
    public static func usual(_ calibration: SimilarityCalibration?) -> MeaningCut {
        calibration.map { .probability(0.5, $0) } ?? .standingOut
    }

    /// Of what is like a picture, and of models that only compare: what stands out.
    static let standingOut = MeaningCut.distribution(deviations: 3, shareOfBest: 0.5)

    /// The least similarity that is ever kept, as far as that is known of all texts.
    var least: Float {
        guard case .probability(let probability, let calibration) = self else {
            return -.greatestFiniteMagnitude
        }
        return Float(calibration.similarity(ofProbability: probability))
    }

    /// The least similarity that is kept.
    ///
    /// - Parameters:
    ///   - background: What is usual in the library.
    ///   - best: The similarity of the best picture.
    /// - Returns: the similarity.
    func bound(_ background: SimilarityDistribution, best: Float) -> Float {
        switch self {
        case .probability(let probability, let calibration):
            return Float(calibration.similarity(ofProbability: probability))
        case .distribution(let deviations, let shareOfBest):
            // Of n pictures none lies more than √n deviations from the mean of all.
            let reachable = min(deviations, Double(background.count).squareRoot() / 2)
            let distance = max(
                reachable * background.deviation, shareOfBest * (Double(best) - background.mean))
            return Float(background.mean + distance)
        }
    }
}
