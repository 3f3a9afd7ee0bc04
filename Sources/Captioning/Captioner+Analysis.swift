public import Imaging
public import LLaVAMini

extension Captioner {
    /// Looks into the model while it answers a question about a still.
    ///
    /// - Parameters:
    ///   - image: Upright pixels.
    ///   - question: What is asked; what captions are the answer to where it is nil.
    ///   - modes: How the picture reaches the language model.
    ///   - keepsMaps: Whether attention is kept token by token.
    ///   - shouldStop: Asked often.
    /// - Returns: The answer and who attended to whom.
    /// - Throws: `ModelUnavailable`, errors of the model, `CancellationError`.
    public func analyse(
        _ image: RGBImage, question: String?, modes: Set<AttentionAnalysis.Mode>, keepsMaps: Bool,
        shouldStop: () -> Bool = { false }
    ) throws -> AnalysedPicture {
        try loaded().analyse(
            image, question: question ?? settings.captionPrompt, modes: modes,
            highResolution: settings.highResolution, options: settings.generation,
            keepsMaps: keepsMaps, shouldStop: shouldStop)
    }
}
