import ModelLoading
import Tensor

/// A tensor that is made up: where it will lie, and what fills it.
struct SyntheticTensor {
    /// What stands in a tensor.
    enum Filling: Equatable {
        /// The scale of a normalisation, which leaves things as they are.
        case ones
        /// Normally distributed numbers.
        case noise(deviation: Float)
        /// What `panels` stands for, number by number.
        case rows(inputs: Int)
        /// Packed rows of normally distributed numbers.
        case panels(PackedFormat, outputs: Int, inputs: Int)
    }

    /// Key in a checkpoint, without a packing's suffix.
    let name: String
    let elementType: ElementType
    let shape: [Int]
    let filling: Filling

    /// Decides how a tensor is stored.
    ///
    /// - Parameters:
    ///   - need: What is asked for.
    ///   - bits: Of a weight.
    ///   - unpacksPanels: Whether what would be packed has the same numbers in single precision.
    init(_ need: TensorShape, bits: SyntheticBits, unpacksPanels: Bool = false) {
        name = need.name
        guard let format = bits.packing(of: need) else {
            elementType = bits.plainType
            shape = need.shape
            filling = Self.filling(of: need)
            return
        }
        let (outputs, inputs) = (need.shape[0], need.shape[1])
        if unpacksPanels {
            (elementType, shape, filling) = (.float32, need.shape, .rows(inputs: inputs))
            return
        }
        elementType = .uint8
        shape = PackedShape(format: format, outputs: outputs, inputs: inputs).stored
        filling = .panels(format, outputs: outputs, inputs: inputs)
    }

    /// Bytes that it takes.
    var byteCount: Int { shape.reduce(1, *) * elementType.byteCount }

    /// Scales that keep activations near 1 through any number of layers: a matrix of `inputs`
    /// columns with deviation 1/√inputs passes the size of its input on.
    private static func filling(of need: TensorShape) -> Filling {
        if need.name.hasSuffix(".bias") || need.name.hasSuffix("_bias") {
            return .noise(deviation: 0.02)
        }
        if need.shape.count == 1, need.name.hasSuffix(".weight") { return .ones }
        guard need.shape.count > 1, !need.name.contains("embed"), !need.name.hasSuffix(".query")
        else { return .noise(deviation: 1) }
        let inputs = need.shape.dropFirst().reduce(1, *)
        return .noise(deviation: 1 / Float(inputs).squareRoot())
    }
}
