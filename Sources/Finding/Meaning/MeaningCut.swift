import VectorIndex

/// Where the pictures end that a text means.
///
/// Every picture is a little like every text, so that the nearest alone are no answer, and how like is usual
/// differs from text to text and from model to model. So each text is measured against the library itself: a
/// picture is kept where its similarity lies so many standard deviations above the mean over pictures evenly
/// spread, and at least so far above it as a share of the best one's distance. The first leaves nothing of a
/// text that no picture stands out for; the second keeps a text that some pictures fit well from bringing along
/// all that fit it a little. SPEED.md has what the numbers were chosen by.
public struct MeaningCut: Equatable, Sendable {
    /// Standard deviations above the mean that a picture must reach.
    public var deviations: Double
    /// The share of the best picture's distance from the mean that it must reach.
    public var shareOfBest: Double

    /// Builds a cut.
    public init(deviations: Double, shareOfBest: Double) {
        self.deviations = deviations
        self.shareOfBest = shareOfBest
    }

    /// What `search` uses.
    public static let usual = MeaningCut(deviations: 3, shareOfBest: 0.5)

    /// The least similarity that is kept.
    ///
    /// - Parameters:
    ///   - background: What is usual in the library.
    ///   - best: The similarity of the best picture.
    /// - Returns: the similarity.
    func bound(_ background: SimilarityDistribution, best: Float) -> Float {
        // Of n pictures none lies more than √n deviations from the mean of all.
        let reachable = min(deviations, Double(background.count).squareRoot() / 2)
        let distance = max(
            reachable * background.deviation, shareOfBest * (Double(best) - background.mean))
        return Float(background.mean + distance)
    }
}
