import Tensor

/// How many bits the weights of a synthetic model take.
public enum SyntheticBits: Int, CaseIterable, Sendable {
    /// Groups of 4 bits; 8 in vision tower and projector.
    case four = 4
    /// Groups of 8 bits.
    case eight = 8
    /// Single precision throughout.
    case single = 32

    /// The packing of a linear layer's weight; `nil` where it is stored number by number.
    ///
    /// The same choice as a conversion's: vision tower and projector lose more than they save below
    /// 8 bits, and all that is no linear layer stays as it was.
    func packing(of need: TensorShape) -> PackedFormat? {
        guard self != .single, need.shape.count == 2, need.name.hasSuffix(".weight"),
            !need.name.contains("embed")
        else { return nil }
        let isLanguage =
            need.name.hasPrefix("model.layers.") || need.name.hasPrefix("model.prefusion_layers.")
            || need.name.hasPrefix("lm_head.")
        return isLanguage && self == .four ? .q4 : .q8
    }

    /// How everything else is stored: as the released checkpoint has it, or in full.
    var plainType: ElementType { self == .single ? .float32 : .bfloat16 }
}
