import CKernels

/// Root mean square normalisation: `x / √(mean(x²) + ε) × w`, row by row.
public struct RMSNorm: Sendable {
    private let weight: [Float]
    private let epsilon: Float

    /// Wraps a stored weight [width].
    public init(weight: Weights, epsilon: Float) {
        self.weight = weight.floats
        self.epsilon = epsilon
    }

    /// Normalises the rows of x [rows, width].
    public func callAsFunction(_ x: Matrix) -> Matrix {
        precondition(x.columns == weight.count)
        var y = Matrix(uninitialisedRows: x.rows, columns: x.columns)
        x.read { source in
            y.write { vk_rms_norm(source, weight, $0, x.rows, x.columns, epsilon) }
        }
        return y
    }
}

/// Layer normalisation: `(x − mean) / √(variance + ε) × w + b`, row by row.
public struct LayerNorm: Sendable {
    private let weight: [Float]
    private let bias: [Float]
    private let epsilon: Float

    /// Wraps a stored weight and bias, [width] each.
    public init(weight: Weights, bias: Weights, epsilon: Float) {
        precondition(weight.count == bias.count)
        self.weight = weight.floats
        self.bias = bias.floats
        self.epsilon = epsilon
    }

    /// Normalises the rows of x [rows, width].
    public func callAsFunction(_ x: Matrix) -> Matrix {
        precondition(x.columns == weight.count)
        var y = Matrix(uninitialisedRows: x.rows, columns: x.columns)
        x.read { source in
            y.write { vk_layer_norm(source, weight, bias, $0, x.rows, x.columns, epsilon) }
        }
        return y
    }
}
