package import Checkpoint
import SystemPackage
package import Tensor

/// A tensor that a component needs: its key in the checkpoint and its shape.
package struct TensorShape {
    package let name: String
    package let shape: [Int]

    package init(_ name: String, _ shape: Int...) {
        self.name = name
        self.shape = shape
    }

    /// A linear layer's weight [outputs, inputs] and, where it has one, its bias [outputs].
    package static func linear(
        _ name: String, inputs: Int, outputs: Int, hasBias: Bool
    ) -> [TensorShape] {
        let weight = TensorShape("\(name).weight", outputs, inputs)
        return hasBias ? [weight, TensorShape("\(name).bias", outputs)] : [weight]
    }

    /// A layer normalisation's weight and bias.
    package static func layerNorm(_ name: String, width: Int) -> [TensorShape] {
        [TensorShape("\(name).weight", width), TensorShape("\(name).bias", width)]
    }
}

/// A weight matrix as a converted checkpoint holds it.
package struct PackedTensor {
    package let bytes: Weights
    package let format: PackedFormat
    package let outputs: Int
    package let inputs: Int

    /// Describes a packed matrix [outputs, inputs].
    package init(bytes: Weights, format: PackedFormat, outputs: Int, inputs: Int) {
        (self.bytes, self.format, self.outputs, self.inputs) = (bytes, format, outputs, inputs)
    }

    func linear(bias: Weights?) -> Linear {
        Linear(packed: bytes, format: format, outputs: outputs, inputs: inputs, bias: bias)
    }
}

/// The tensors of a checkpoint, every one of them known to be there in the right shape.
package struct WeightInventory {
    private var tensors: [String: Weights] = [:]
    private var packed: [String: PackedTensor] = [:]

    /// Looks up every tensor before any is converted.
    ///
    /// - Throws: one `ModelError` that names every tensor that is missing or misshapen, in one line.
    package init(_ needs: [(folder: CheckpointFolder, tensors: [TensorShape])]) throws(ModelError) {
        var faults: [String] = []
        for (folder, shapes) in needs {
            for need in shapes {
                do {
                    if let matrix = try Self.packed(need, in: folder) {
                        packed[need.name] = matrix
                    } else {
                        tensors[need.name] = try folder.tensor(need.name, shape: need.shape)
                    }
                } catch {
                    let place = folder.folder.lastComponent?.string ?? "\(folder.folder)"
                    let wanted = folder[need.name] == nil ? " of shape \(need.shape)" : ""
                    faults.append("'\(place)' \(error.reason)\(wanted)")
                }
            }
        }
        guard faults.isEmpty else {
            throw ModelError(
                needs.first?.folder.folder,
                "does not fit its configuration: " + faults.joined(separator: "; "),
                advice: "Check that weights and config.json are of one LLaVA-Mini checkpoint.")
        }
    }

    /// A matrix that the folder holds packed; nil where it does not.
    private static func packed(
        _ need: TensorShape, in folder: CheckpointFolder
    ) throws(CheckpointError) -> PackedTensor? {
        guard need.shape.count == 2 else { return nil }
        for format in PackedFormat.allCases where folder["\(need.name).\(format.rawValue)"] != nil {
            let shape = PackedShape(
                format: format, outputs: need.shape[0], inputs: need.shape[1])
            return PackedTensor(
                bytes: try folder.packed("\(need.name).\(format.rawValue)", shape: shape.stored),
                format: format, outputs: need.shape[0], inputs: need.shape[1])
        }
        return nil
    }

    /// Whether a folder holds a tensor, packed or not, in whatever shape.
    package static func holds(_ name: String, in folder: CheckpointFolder) -> Bool {
        folder[name] != nil || folder.unusable[name] != nil
            || PackedFormat.allCases.contains { folder["\(name).\($0.rawValue)"] != nil }
    }

    /// Takes tensors that were made for the purpose.
    package init(_ tensors: [String: Weights], packed: [String: PackedTensor]) {
        self.tensors = tensors
        self.packed = packed
    }

    /// Bytes of the tensors whose keys are wanted, packed or not.
    package func byteCount(where isWanted: (String) -> Bool) -> Int {
        weights(where: isWanted).reduce(0) { $0 + $1.range.count }
    }

    /// The tensors whose keys are wanted, packed or not.
    package func weights(where isWanted: (String) -> Bool) -> [Weights] {
        tensors.filter { isWanted($0.key) }.map(\.value)
            + packed.filter { isWanted($0.key) }.map(\.value.bytes)
    }

    /// Bits of a number of a tensor, packed or not.
    package func bits(of name: String) -> Int {
        packed[name]?.format.bits ?? 8 * (tensors[name]?.elementType.byteCount ?? 0)
    }

    /// A tensor by its key.
    ///
    /// - Throws: `ModelError` where no component declared it.
    package func tensor(_ name: String) throws(ModelError) -> Weights {
        guard let weights = tensors[name] else {
            throw ModelError(nil, "the tensor '\(name)' was not asked for before it was used")
        }
        return weights
    }

    package func linear(_ name: String) throws(ModelError) -> Linear {
        let bias = tensors["\(name).bias"]
        if let matrix = packed["\(name).weight"] { return matrix.linear(bias: bias) }
        return Linear(weight: try tensor("\(name).weight"), bias: bias)
    }

    package func layerNorm(_ name: String, epsilon: Float) throws(ModelError) -> LayerNorm {
        LayerNorm(
            weight: try tensor("\(name).weight"), bias: try tensor("\(name).bias"),
            epsilon: epsilon)
    }

    package func rmsNorm(_ name: String, epsilon: Float) throws(ModelError) -> RMSNorm {
        RMSNorm(weight: try tensor("\(name).weight"), epsilon: epsilon)
    }
}
