public import Tensor

/// How many bits a weight of the language model gets when a model is packed.
public enum WeightBits: Int, CaseIterable, Sendable {
    /// A quarter of the size of BF16.
    case four = 4
    /// Half the size of BF16.
    case eight = 8

    /// How the weight of a linear layer is packed.
    ///
    /// Whatever stands before the language model gets twice the bits: it is a sixth of the model, it
    /// runs once a picture rather than once a word, and what it loses every word has to do without.
    /// Most of what 4 bits cost an answer they cost in pre-fusion. In the language model, keys and
    /// values get 8 bits for as good a reason: they are few where heads share them, and what they
    /// lose every later word attends to.
    ///
    /// A text tower gets 8 bits: its answer is a direction, which these turn by a degree or so.
    ///
    /// - Parameter name: The weight's key in the checkpoint.
    /// - Returns: the packing.
    public func format(ofLinear name: String) -> PackedFormat {
        guard !name.hasPrefix("text_model.") else { return .q8 }
        guard name.hasPrefix("model.layers.") || name.hasPrefix("lm_head.") else {
            return self == .four ? .q8 : .q16
        }
        let isKeyOrValue = name.hasSuffix(".k_proj.weight") || name.hasSuffix(".v_proj.weight")
        return self == .four && !isKeyOrValue ? .q4 : .q8
    }
}
