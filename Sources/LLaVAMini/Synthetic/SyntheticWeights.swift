import ModelLoading
import Tensor

/// Tensors with made-up numbers in one piece of memory: a model's weight without its knowledge.
///
/// Filling 5 GB number by number would take longer than most measurements. A piece of noise and a
/// few packed panels are made once and repeated; the time that a product takes does not depend on
/// its numbers.
struct SyntheticWeights {
    /// The tensors by their keys.
    private(set) var tensors: [String: Weights] = [:]
    /// The packed ones by the keys that they would have unpacked.
    private(set) var packed: [String: PackedTensor] = [:]

    /// Tensors begin at multiples of so many bytes, which the kernels ask of panels.
    private static let alignment = 64

    /// Makes up the tensors.
    ///
    /// - Parameters:
    ///   - needs: What is asked for.
    ///   - bits: Of a weight.
    ///   - unpacksPanels: Whether what would be packed has the same numbers in single precision.
    /// - Throws: `Errno` where there is not enough memory.
    init(
        _ needs: [TensorShape], bits: SyntheticBits, unpacksPanels: Bool = false
    ) throws {
        let plan = Self.plan(needs, bits: bits, unpacksPanels: unpacksPanels)
        let file = try MappedFile(anonymousBytes: plan.end) { memory in
            var filler = NoiseFiller()
            for (tensor, start) in plan.places {
                let part = memory[start..<start + tensor.byteCount]
                filler.fill(UnsafeMutableRawBufferPointer(rebasing: part), as: tensor)
            }
        }
        for (tensor, start) in plan.places {
            let weights = Weights(
                elementType: tensor.elementType, shape: tensor.shape, file: file,
                range: start..<start + tensor.byteCount)
            guard case .panels(let format, let outputs, let inputs) = tensor.filling else {
                tensors[tensor.name] = weights
                continue
            }
            packed[tensor.name] = PackedTensor(
                bytes: weights, format: format, outputs: outputs, inputs: inputs)
        }
    }

    /// Bytes that the tensors would take.
    static func byteCount(_ needs: [TensorShape], bits: SyntheticBits) -> Int {
        plan(needs, bits: bits).end
    }

    /// Where each tensor goes, and where the last one ends.
    private static func plan(
        _ needs: [TensorShape], bits: SyntheticBits, unpacksPanels: Bool = false
    ) -> (places: [(tensor: SyntheticTensor, start: Int)], end: Int) {
        var end = 0
        let places = needs.map { need in
            let tensor = SyntheticTensor(need, bits: bits, unpacksPanels: unpacksPanels)
            let start = (end + alignment - 1) / alignment * alignment
            end = start + tensor.byteCount
            return (tensor, start)
        }
        return (places, end)
    }
}
