import CKernels

/// Weights packed in 4 to 16 bits, where they stand in a mapped file.
struct PackedWeights: WeightMatrix {
    let outputs: Int
    let inputs: Int
    private let weights: Weights
    private let format: PackedFormat
    private let shape: PackedShape

    /// Panels that a thread takes at once: few enough to share evenly, enough to pay for asking.
    private static let multiplyAddsAtOnce = 2_000_000
    /// Multiply-adds from which on sharing a product out pays.
    private static let worthSharing = 1_000_000

    /// Wraps packed weights.
    ///
    /// - Precondition: the bytes are those of such a matrix.
    init(_ weights: Weights, format: PackedFormat, outputs: Int, inputs: Int) {
        shape = PackedShape(format: format, outputs: outputs, inputs: inputs)
        precondition(weights.elementType == .uint8 && weights.shape == shape.stored)
        self.weights = weights
        self.format = format
        self.outputs = outputs
        self.inputs = inputs
    }

    func multiply(_ x: PreparedRows, into y: inout Matrix, adds: Bool) {
        let rest = format == .q16 ? x.rest : nil
        let x = x.quantised
        precondition(x.inputs == inputs && y.columns == outputs && x.rows == y.rows)
        guard let bytes = weights.bytes.baseAddress, x.rows > 0, inputs > 0 else { return }
        let perPanel = x.rows * inputs * PackedShape.panelOutputs
        OperationCount.add(multiplyAdds: x.rows * inputs * outputs)
        // Two panels are multiplied at once, so shares are even.
        let step =
            perPanel * shape.panels < Self.worthSharing
            ? shape.panels : max(2, Self.multiplyAddsAtOnce / perPanel / 2 * 2)
        let shares = (shape.panels + step - 1) / step
        y.write { target in
            // Threads write to columns of their own.
            nonisolated(unsafe) let (target, bytes) = (target, bytes)
            ComputePool.shared.parallel(count: shares) { share in
                multiply(
                    x, rest, panels: share * step..<min((share + 1) * step, shape.panels),
                    of: bytes, into: target, adds: adds)
            }
        }
    }

    private func multiply(
        _ x: QuantisedRows, _ rest: QuantisedRows?, panels: Range<Int>,
        of bytes: UnsafeRawPointer, into y: UnsafeMutablePointer<Float>, adds: Bool
    ) {
        let first = panels.lowerBound * PackedShape.panelOutputs
        let count = min(panels.count * PackedShape.panelOutputs, outputs - first)
        let weights = (bytes + panels.lowerBound * shape.bytesPerPanel)
            .assumingMemoryBound(to: UInt8.self)
        var rows = x.kernelRows
        if var rest = rest?.kernelRows {
            vk_multiply_planes(
                weights, panels.count, count, &rows, &rest, y + first, outputs, adds ? 1 : 0)
        } else {
            vk_multiply_packed(
                format.kernelFormat, weights, panels.count, count, &rows, y + first, outputs,
                adds ? 1 : 0)
        }
    }
}
