/// Who attends to whom while a model answers a question about a picture, layer by layer.
public struct AttentionAnalysis: Sendable {
    /// How the picture reaches the language model.
    public enum Mode: String, CaseIterable, Codable, Sendable {
        /// As a few compressed tokens, with the text fused with the patches before.
        case mini
        /// As all of its patches, with the text as it is: the same weights, run as LLaVA runs its own.
        case llava
    }

    /// Which layers.
    public enum Stage: String, CaseIterable, Codable, Sendable {
        /// Those in which text meets the patches first.
        case preFusion = "pre-fusion"
        /// The language model's.
        case language
    }

    /// One layer.
    public struct Layer: Sendable {
        /// Which layers it is of.
        public var stage: Stage
        /// Its number, from 1 on.
        public var number: Int
        /// Who attends to whom.
        public var flows: [AttentionFlow]
        /// The same token by token, where it was wanted.
        public var map: AttentionMap?
    }

    /// What is left of the answer where the picture's tokens are dropped from a layer on.
    public struct Remainder: Equatable, Sendable {
        /// Which layers it is of; nil where nothing is dropped.
        public var stage: Stage?
        /// The first layer without them, from 1 on; of pre-fusion without patches, of the language model without what
        /// it has of the picture.
        public var layer: Int
        /// What is left.
        public var hold: AnswerHold
    }

    /// How the picture reached the language model.
    public var mode: Mode
    /// The layers in their order.
    public var layers: [Layer] = []
    /// What is left of the answer, first where nothing is dropped, then for one layer after the other.
    ///
    /// None where the model said nothing.
    public var remainders: [Remainder] = []
}

/// A picture that was looked into.
public struct AnalysedPicture: Sendable {
    /// What the model answered, in its own way.
    public var answer: String
    /// An analysis for each mode that was asked for.
    public var analyses: [AttentionAnalysis]
}
