import CKernels

/// A linear layer: `y = x Wᵀ + b`, W [outputs, inputs], b [outputs] or none.
public struct Linear: Sendable {
    private let weight: any WeightMatrix
    private let bias: [Float]?

    /// Wraps a stored weight [outputs, inputs…] and its bias [outputs].
    ///
    /// - Precondition: the weight has two dimensions or more, and the bias one number an output.
    public init(weight: Weights, bias: Weights? = nil) {
        self.weight = DenseWeights(weight)
        self.bias = bias?.floats
        precondition(self.bias.map { $0.count == self.weight.outputs } ?? true)
    }

    /// Length of an input row.
    public var inputs: Int { weight.inputs }
    /// Length of a result row.
    public var outputs: Int { weight.outputs }

    /// Multiplies rows: x [rows, inputs] to [rows, outputs].
    public func callAsFunction(_ x: Matrix) -> Matrix {
        guard let bias else {
            var y = Matrix(rows: x.rows, columns: outputs)
            weight.accumulate(x, into: &y)
            return y
        }
        var y = Matrix(uninitialisedRows: x.rows, columns: outputs)
        y.write { vk_fill_rows($0, bias, x.rows, outputs) }
        weight.accumulate(x, into: &y)
        return y
    }
}
