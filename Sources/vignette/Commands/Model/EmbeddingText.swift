import LLaVAMini

/// What a model can be searched by, in words, and the command that adds what it lacks.
struct EmbeddingText {
    private let support: EmbeddingSupport

    init(_ support: EmbeddingSupport) { self.support = support }

    /// Whether nothing is to be put right.
    var isFine: Bool {
        let parts = [support.pictures, support.texts]
        let areUsable = parts.allSatisfy { part in
            if case .unusable = part { false } else { true }
        }
        return areUsable && !support.wasPackedWithout
    }

    /// A clause.
    ///
    /// - Parameter name: The model's, for the command that adds what is missing.
    /// - Returns: the clause.
    func text(of name: String) -> String {
        if support.wasPackedWithout {
            return "the model was packed without it; 'vignette model complete \(name)' adds it"
        }
        return text
    }

    /// A clause that names no command.
    var text: String {
        switch (support.pictures, support.texts) {
        case (.usable, .usable): "by texts and by likeness, \(support.dimension ?? 0) dimensions"
        case (.usable, .absent): "by likeness; the model has no text tower"
        case (.usable, .unusable(let reason)):
            "by likeness alone; its text tower cannot be used: \(reason)"
        case (.unusable(let reason), _): "not possible: \(reason)"
        case (.absent, _): "not possible: the model's vision tower has no projection"
        }
    }
}
