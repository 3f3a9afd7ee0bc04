import Tensor

/// What of a text takes no part in pre-fusion: the image's place, and entry 0, which the reference takes for padding.
enum FusionMask {
    /// Whether nobody attends to a token, which then takes no position.
    static func isHidden(_ id: Int) -> Bool { id <= 0 }

    /// Fused text [text, width], with the plain embeddings of what is hidden.
    static func unmasked(_ states: Matrix, of text: PromptFusion.Text) -> Matrix {
        let count = text.ids.count
        return Matrix(stacking: [states, text.embeddings]).gathering(
            text.ids.enumerated().map { isHidden($1) ? count + $0 : $0 })
    }
}
