import LLaVAMini
import Tensor

/// How many bits a weight of the language model gets.
public enum WeightBits: Int, CaseIterable, Sendable {
    /// A quarter of the size of BF16.
    case four = 4
    /// Half the size of BF16.
    case eight = 8

    /// How a tensor is packed; `nil` where it stays as it is.
    ///
    /// Projector and vision tower always get 8 bits: they are a twentieth of the model, and what they
    /// lose every word of the answer has to do without.
    func format(of tensor: RequiredTensor) -> PackedFormat? {
        guard tensor.isLinearWeight else { return nil }
        switch tensor.component {
        case .languageModel, .preFusion: return self == .four ? .q4 : .q8
        case .projector, .visionTower: return .q8
        case .compressor: return nil
        }
    }
}
