import CKernels

/// Weights packed in 4 to 16 bits, where they stand in a mapped file.
struct PackedWeights: WeightMatrix {
    let outputs: Int
    let inputs: Int
    private let weights: Weights
    let format: PackedFormat
    private let shape: PackedShape

    /// What a thread takes at once: little enough to share evenly, enough to pay for asking.
    private static let multiplyAddsAtOnce = 8_000_000
    private static let bytesAtOnce = 1 << 20
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
        var results = [y]
        y = Matrix(rows: 0, columns: 0)
        Self.multiply([self], x, into: &results, adds: [adds])
        y = results[0]
    }

    /// Multiplies the same rows with several weights, all at once: no thread waits in between.
    ///
    /// - Parameters:
    ///   - all: Weights of the same input length.
    ///   - x: [rows, inputs].
    ///   - results: [rows, outputs] for each of the weights.
    ///   - adds: Whether to add to what stands in the result, for each.
    static func multiply(
        _ all: [PackedWeights], _ x: PreparedRows, into results: inout [Matrix], adds: [Bool]
    ) {
        guard x.plain.rows > 0, x.plain.columns > 0 else { return }
        let quantised = x.quantised
        var products: [Product] = []
        for (index, weights) in all.enumerated() {
            precondition(
                quantised.inputs == weights.inputs && results[index].columns == weights.outputs
                    && results[index].rows == quantised.rows)
            OperationCount.add(multiplyAdds: quantised.rows * weights.inputs * weights.outputs)
            products.append(
                Product(
                    weights: weights, x: quantised, rest: weights.format == .q16 ? x.rest : nil,
                    result: results[index].writableStart(), adds: adds[index]))
        }
        let ends = products.reduce(into: []) { $0.append(($0.last ?? 0) + $1.parts) }
        withExtendedLifetime(results) {
            ComputePool.shared.parallel(count: ends.last ?? 0) { [products, ends] part in
                let index = ends.firstIndex { part < $0 } ?? 0
                let product = products[index]
                product.run(part: part - ends[index] + product.parts)
            }
        }
    }

    /// A product in the parts that threads do.
    ///
    /// `@unchecked Sendable`: every part writes to columns of its own of a result that the caller
    /// of `multiply` holds until all are done.
    private struct Product: @unchecked Sendable {
        let weights: PackedWeights
        let x: QuantisedRows
        let rest: QuantisedRows?
        let result: UnsafeMutablePointer<Float>
        let adds: Bool
        let parts: Int

        init(
            weights: PackedWeights, x: QuantisedRows, rest: QuantisedRows?,
            result: UnsafeMutablePointer<Float>, adds: Bool
        ) {
            (self.weights, self.x, self.rest, self.result) = (weights, x, rest, result)
            self.adds = adds
            parts = weights.parts(rows: x.rows)
        }

        func run(part: Int) {
            weights.multiply(
                x, rest, panels: weights.panels(part: part, of: parts), into: result, adds: adds)
        }
    }

    /// How many parts a product with so many rows is done in: as many for each thread.
    private func parts(rows: Int) -> Int {
        let perPanel = rows * inputs * PackedShape.panelOutputs
        guard perPanel * shape.panels >= Self.worthSharing else { return 1 }
        let atOnce = min(
            Self.multiplyAddsAtOnce / perPanel, Self.bytesAtOnce / shape.bytesPerPanel)
        let step = max(2, atOnce)
        let (parts, threads) = ((shape.panels + step - 1) / step, ComputePool.shared.threads)
        return min((parts + threads - 1) / threads * threads, (shape.panels + 1) / 2)
    }

    /// The panels of a part; two are multiplied at once, so all but the last have an even number.
    private func panels(part: Int, of parts: Int) -> Range<Int> {
        let pairs = (shape.panels + 1) / 2
        return 2 * (pairs * part / parts)..<min(2 * (pairs * (part + 1) / parts), shape.panels)
    }

    private func multiply(
        _ x: QuantisedRows, _ rest: QuantisedRows?, panels: Range<Int>,
        into y: UnsafeMutablePointer<Float>, adds: Bool
    ) {
        guard let bytes = weights.bytes.baseAddress else { return }
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
