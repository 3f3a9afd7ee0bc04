public import Imaging
import ModelLoading
import Tensor
import Tokenization

extension LLaVAMini {
    /// Looks into the model while it answers a question about a still.
    ///
    /// The answer is what the model writes in its own way; run as LLaVA it is shown the same answer, so that the two
    /// differ in nothing else.
    ///
    /// - Parameters:
    ///   - image: The picture, upright.
    ///   - question: What is asked.
    ///   - modes: How the picture reaches the language model; once or twice.
    ///   - highResolution: Looks at blocks of the picture too.
    ///   - options: How much is answered.
    ///   - keepsMaps: Whether attention is kept token by token.
    ///   - shouldStop: Asked between layers and tokens.
    /// - Returns: the answer and who attended to whom.
    /// - Throws: `ModelError` where picture, question and answer have too many positions, `TokenizerError`,
    ///   `CancellationError` where `shouldStop` says so.
    public func analyse(
        _ image: RGBImage, question: String, modes: Set<AttentionAnalysis.Mode>,
        highResolution: Bool, options: GenerationOptions, keepsMaps: Bool,
        shouldStop: () -> Bool = { false }
    ) throws -> AnalysedPicture {
        let blocks = highResolution ? configuration.resolutionRatio : 1
        let prompt = try prompt(question)
        let entering = try network.entering(image, blocks: blocks, shouldStop: shouldStop)
        return try withoutActuallyEscaping(shouldStop) { shouldStop in
            let inside = InsideView(
                network: network, keepsMaps: keepsMaps, shouldStop: shouldStop)
            let fused = try inside.fuse(entering, with: prompt)
            let answer = try generate([fused.prompt], options: options, shouldStop: shouldStop)[0]
            let words = ChatPrompt.withoutAssistantHeader(answer.ids, tokenizer).count
            return AnalysedPicture(
                answer: answer.text,
                analyses: try AttentionAnalysis.Mode.allCases.filter(modes.contains).map { mode in
                    switch mode {
                    case .mini: try inside.mini(fused, answer: answer.ids, words: words)
                    case .llava:
                        try inside.llava(
                            entering, prompt: prompt, answer: answer.ids, words: words)
                    }
                })
        }
    }
}
