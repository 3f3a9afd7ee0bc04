import CKernels

/// A linear layer: `y = x Wᵀ + b`, W [outputs, inputs], b [outputs] or none.
public struct Linear: Sendable {
    private let weight: any WeightMatrix
    private let bias: [Float]?

    private init(_ weight: any WeightMatrix, bias: Weights?) {
        self.weight = weight
        self.bias = bias?.floats
        precondition(self.bias.map { $0.count == weight.outputs } ?? true)
    }

    /// Wraps a stored weight [outputs, inputs…] and its bias [outputs].
    ///
    /// - Precondition: the weight has two dimensions or more, and the bias one number an output.
    public init(weight: Weights, bias: Weights? = nil) {
        self.init(DenseWeights(weight), bias: bias)
    }

    /// Wraps a packed weight and its bias [outputs].
    ///
    /// - Parameters:
    ///   - packed: The panels' bytes [panels, bytes a panel].
    ///   - format: How they are packed.
    ///   - outputs: Length of a result row.
    ///   - inputs: Length of an input row.
    ///   - bias: One number an output, or none.
    /// - Precondition: the bytes are those of such a matrix.
    public init(
        packed: Weights, format: PackedFormat, outputs: Int, inputs: Int, bias: Weights? = nil
    ) {
        self.init(
            PackedWeights(packed, format: format, outputs: outputs, inputs: inputs), bias: bias)
    }

    /// Length of an input row.
    public var inputs: Int { weight.inputs }
    /// Length of a result row.
    public var outputs: Int { weight.outputs }
    /// Whether the weight is packed, so that products are rounded more coarsely than sums.
    public var isPacked: Bool { weight is PackedWeights }
    /// Whether rows are rounded to eight bits before they are multiplied.
    public var roundsRows: Bool {
        (weight as? PackedWeights).map { $0.format != .q16 } ?? false
    }

    /// Multiplies rows: x [rows, inputs] to [rows, outputs].
    public func callAsFunction(_ x: Matrix) -> Matrix {
        Self.all([self], of: x)[0]
    }

    /// Applies several layers to the same rows, which are quantised once for all of them.
    ///
    /// - Parameters:
    ///   - layers: Layers of the same input length.
    ///   - x: [rows, inputs].
    /// - Returns: a result for each layer: [rows, outputs].
    public static func all(_ layers: [Linear], of x: Matrix) -> [Matrix] {
        let rows = PreparedRows(x)
        var results = layers.map { $0.beginning(rows: x.rows) }
        let packed = layers.compactMap { $0.weight as? PackedWeights }
        if packed.count == layers.count {
            PackedWeights.multiply(packed, rows, into: &results, adds: layers.map(\.adds))
        } else {
            for (index, layer) in layers.enumerated() {
                layer.weight.multiply(rows, into: &results[index], adds: layer.adds)
            }
        }
        return results
    }

    private var adds: Bool { bias != nil }

    /// What the product is added to, or room for it.
    private func beginning(rows: Int) -> Matrix {
        var y = Matrix(uninitialisedRows: rows, columns: outputs)
        if let bias { y.write { vk_fill_rows($0, bias, rows, outputs) } }
        return y
    }
}
