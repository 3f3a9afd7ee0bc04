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
        let width = x.columns
        forRows(of: x, into: &y) { source, target, count in
            vk_rms_norm(source, weight, target, count, width, epsilon)
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
        let width = x.columns
        forRows(of: x, into: &y) { source, target, count in
            vk_layer_norm(source, weight, bias, target, count, width, epsilon)
        }
        return y
    }
}

/// Runs `body` with some rows of each and their number, by several threads where there are many.
private func forRows(
    of x: Matrix, into y: inout Matrix,
    _ body: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
) {
    let width = x.columns
    x.read { source in
        y.write { target in
            // Threads write to rows of their own.
            nonisolated(unsafe) let (source, target) = (source, target)
            ComputePool.shared.inShares(of: x.rows, atLeast: 32_768 / max(width, 1) + 1) { rows in
                body(
                    source + rows.lowerBound * width, target + rows.lowerBound * width,
                    rows.count)
            }
        }
    }
}
