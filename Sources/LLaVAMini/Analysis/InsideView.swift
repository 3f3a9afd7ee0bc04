import ModelLoading
import Tensor

/// Looks into pre-fusion and the language model, for one picture and one question.
struct InsideView {
    let network: Network
    let keepsMaps: Bool
    let shouldStop: StopCheck
    /// Given the attention of each layer in turn, averaged over the heads [tokens, tokens], and what the tokens are.
    var onAttention: ((AttentionAnalysis.Stage, Matrix, [TokenKind?]) -> Void)?

    /// The most layers of a stack before which the picture's tokens are dropped, spread evenly over it.
    static let mostCuts = 8

    /// A question fused with a picture, whole and without patches from some layers on.
    struct Fused {
        /// Whole, ready to be answered.
        var prompt: FusedPrompt
        /// What pre-fusion's layers attended to.
        var layers: [AttentionAnalysis.Layer]
        /// Where patches were dropped, and what then enters the language model.
        var cut: [(layer: Int, prompt: FusedPrompt)]
    }

    /// The layers before which tokens are dropped, of so many.
    static func cuts(of layers: Int) -> [Int] {
        Array(stride(from: 0, to: layers, by: max((layers + mostCuts - 1) / mostCuts, 1)))
    }

    /// Takes a picture and a text through pre-fusion.
    ///
    /// - Parameters:
    ///   - image: [HD patches, patches, compressed tokens] by width.
    ///   - prompt: The text, fused with nothing yet.
    /// - Returns: the text fused, with what was attended to on the way.
    /// - Throws: `ModelError` where they have too many positions, `CancellationError`.
    func fuse(_ image: Matrix, with prompt: FusedPrompt) throws -> Fused {
        let text = prompt.text
        let hidden = text.ids.map(FusionMask.isHidden)
        try network.checkRoom(for: image.rows + hidden.count { !$0 })
        let tokens = network.configuration.compressedTokens
        let patches = image.rows - tokens
        var next = image.rows
        let positions = hidden.map { isHidden in
            defer { next += isHidden ? 0 : 1 }
            return next
        }
        let whole = Strand(
            states: Matrix(stacking: [image, text.embeddings]),
            positions: Array(0..<image.rows) + positions,
            kinds: [TokenKind?](repeating: .vision, count: patches)
                + [TokenKind?](repeating: .compressed, count: tokens)
                + hidden.map { $0 ? nil : .instruction })
        let cuts = Self.cuts(of: network.preFusion.stack.layers.count)
        var layers: [AttentionAnalysis.Layer] = []
        let (strands, cut) = try network.preFusion.stack(
            [whole], dropping: [.vision], at: cuts,
            observe: { layers.append(layer(.preFusion, $0, $1, whole.kinds)) },
            shouldStop: shouldStop)
        func fused(_ strand: Strand) -> FusedPrompt {
            let states = strand.states
            let start = states.rows - text.ids.count
            var prompt = prompt
            prompt.add(
                FusionMask.unmasked(states.rows(start..<states.rows), of: text),
                tokens: states.rows(start - tokens..<start))
            return prompt
        }
        return Fused(
            prompt: fused(strands[0]), layers: layers,
            cut: zip(cuts, cut).map { ($0 + 1, fused($1)) })
    }

    /// The model in its own way.
    ///
    /// - Parameters:
    ///   - fused: The question, fused with the picture.
    ///   - answer: What it answered, with the header that it writes itself.
    ///   - words: How many tokens at the answer's end are its words.
    /// - Returns: who attended to whom.
    /// - Throws: `ModelError` where they have too many positions, `CancellationError`.
    func mini(
        _ fused: Fused, answer: [Int], words: Int
    ) throws -> AttentionAnalysis {
        let strand = try strand(fused.prompt, picture: .compressed, answer, words: words)
        var analysis = try look(
            .mini,
            [strand]
                + fused.cut.map {
                    try self.strand($0.prompt, picture: .compressed, answer, words: words)
                },
            dropping: .compressed, answer: answer.suffix(words), fusedCuts: fused.cut.map(\.layer))
        analysis.layers = fused.layers + analysis.layers
        return analysis
    }

    /// The same weights run as LLaVA: the text unfused, every patch in the language model.
    func llava(
        _ image: Matrix, prompt: FusedPrompt, answer: [Int], words: Int
    ) throws -> AttentionAnalysis {
        var whole = prompt
        whole.add(
            prompt.text.embeddings,
            tokens: image.rows(0..<image.rows - network.configuration.compressedTokens))
        let strand = try strand(whole, picture: .vision, answer, words: words)
        return try look(
            .llava, [strand], dropping: .vision, answer: answer.suffix(words), fusedCuts: [])
    }

    /// A prompt and its answer as they stand in the language model.
    private func strand(
        _ prompt: FusedPrompt, picture: TokenKind, _ answer: [Int], words: Int
    ) throws -> Strand {
        let input = try prompt.inputsEmbeds()
        let count = input.rows + answer.count
        try network.checkRoom(for: count)
        var kinds = [TokenKind?](repeating: .instruction, count: count)
        for row in prompt.imageRows.joined() { kinds[row] = picture }
        for row in count - words..<count { kinds[row] = .response }
        return Strand(
            states: Matrix(stacking: [input, network.language.embed(answer)]),
            positions: Array(0..<count), kinds: kinds)
    }

    /// Takes sequences through the language model, the first of them whole.
    private func look(
        _ mode: AttentionAnalysis.Mode, _ strands: [Strand], dropping: TokenKind,
        answer: ArraySlice<Int>, fusedCuts: [Int]
    ) throws -> AttentionAnalysis {
        let stack = network.language.stack
        let cuts = answer.isEmpty ? [] : Self.cuts(of: stack.layers.count)
        var analysis = AttentionAnalysis(mode: mode)
        let (whole, cut) = try stack(
            strands, dropping: [dropping], at: cuts,
            observe: { analysis.layers.append(layer(.language, $0, $1, strands[0].kinds)) },
            shouldStop: shouldStop)
        guard !answer.isEmpty else { return analysis }
        analysis.remainders = try places(fusedCuts, cuts).enumerated().map { place, cutAt in
            let strand = place < whole.count ? whole[place] : cut[place - whole.count]
            return AttentionAnalysis.Remainder(
                stage: cutAt.stage, layer: cutAt.layer,
                hold: try network.language.hold(of: strand, on: Array(answer)))
        }
        return analysis
    }

    /// Where something is dropped: nowhere, in pre-fusion, in the language model.
    private func places(
        _ fused: [Int], _ language: [Int]
    ) -> [(stage: AttentionAnalysis.Stage?, layer: Int)] {
        var places: [(stage: AttentionAnalysis.Stage?, layer: Int)] = [(nil, 0)]
        places += fused.map { (.preFusion, $0) }
        places += language.map { (.language, $0 + 1) }
        return places
    }

    private func layer(
        _ stage: AttentionAnalysis.Stage, _ index: Int, _ weights: Matrix, _ kinds: [TokenKind?]
    ) -> AttentionAnalysis.Layer {
        onAttention?(stage, weights, kinds)
        return AttentionAnalysis.Layer(
            stage: stage, number: index + 1, flows: AttentionFlow.flows(weights, kinds: kinds),
            map: keepsMaps ? AttentionMap(weights, kinds: kinds) : nil)
    }
}
