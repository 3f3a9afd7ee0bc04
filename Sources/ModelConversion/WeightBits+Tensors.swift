import LLaVAMini
import Tensor

extension WeightBits {
    /// How a tensor is packed; `nil` where it stays as it is.
    func format(of tensor: RequiredTensor) -> PackedFormat? {
        tensor.isLinearWeight ? format(ofLinear: tensor.name) : nil
    }
}
