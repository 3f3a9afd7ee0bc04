import Checkpoint
import SystemPackage
import Tensor

/// A tensor that a component needs: its key in the checkpoint and its shape.
struct TensorShape {
    let name: String
    let shape: [Int]

    init(_ name: String, _ shape: Int...) {
        self.name = name
        self.shape = shape
    }

    /// A linear layer's weight [outputs, inputs] and, where it has one, its bias [outputs].
    static func linear(
        _ name: String, inputs: Int, outputs: Int, hasBias: Bool
    ) -> [TensorShape] {
        let weight = TensorShape("\(name).weight", outputs, inputs)
        return hasBias ? [weight, TensorShape("\(name).bias", outputs)] : [weight]
    }

    /// A layer normalisation's weight and bias.
    static func layerNorm(_ name: String, width: Int) -> [TensorShape] {
        [TensorShape("\(name).weight", width), TensorShape("\(name).bias", width)]
    }
}

/// The tensors of a checkpoint, every one of them known to be there in the right shape.
struct WeightInventory {
    private var tensors: [String: Weights] = [:]

    /// Looks up every tensor before any is converted.
    ///
    /// - Throws: one `ModelError` that names every tensor that is missing or misshapen, in one line.
    init(_ needs: [(folder: CheckpointFolder, tensors: [TensorShape])]) throws(ModelError) {
        var faults: [String] = []
        for (folder, shapes) in needs {
            for need in shapes {
                do {
                    tensors[need.name] = try folder.tensor(need.name, shape: need.shape)
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

    /// A tensor by its key.
    ///
    /// - Throws: `ModelError` where no component declared it.
    func tensor(_ name: String) throws(ModelError) -> Weights {
        guard let weights = tensors[name] else {
            throw ModelError(nil, "the tensor '\(name)' was not asked for before it was used")
        }
        return weights
    }

    func linear(_ name: String) throws(ModelError) -> Linear {
        Linear(weight: try tensor("\(name).weight"), bias: tensors["\(name).bias"])
    }

    func layerNorm(_ name: String, epsilon: Float) throws(ModelError) -> LayerNorm {
        LayerNorm(
            weight: try tensor("\(name).weight"), bias: try tensor("\(name).bias"),
            epsilon: epsilon)
    }

    func rmsNorm(_ name: String, epsilon: Float) throws(ModelError) -> RMSNorm {
        RMSNorm(weight: try tensor("\(name).weight"), epsilon: epsilon)
    }
}
