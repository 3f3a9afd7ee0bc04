import ModelLoading
public import Tensor

/// How many bits the weights of a synthetic model take.
public enum SyntheticBits: Int, CaseIterable, Sendable {
    /// 4 bits, packed as `WeightBits.four`.
    case four = 4
    /// 8 bits, packed as `WeightBits.eight`.
    case eight = 8
    /// bfloat16 throughout, as the released checkpoint is stored; computed in single precision.
    case half = 16
    /// Single precision throughout.
    case single = 32

    /// The packing of a linear layer's weight, as a conversion chooses it; `nil` where it is stored
    /// number by number.
    func packing(of need: TensorShape) -> PackedFormat? {
        guard let bits = WeightBits(rawValue: rawValue), need.shape.count == 2,
            need.name.hasSuffix(".weight"), !need.name.contains("embed"),
            !need.name.hasSuffix("_projection.weight")
        else { return nil }
        return bits.format(ofLinear: need.name)
    }

    /// How everything else is stored: as the released checkpoint has it, or in full.
    public var plainType: ElementType { self == .single ? .float32 : .bfloat16 }
}
