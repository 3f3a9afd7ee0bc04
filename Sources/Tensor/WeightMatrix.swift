/// A weight matrix [outputs, inputs] that rows can be multiplied with.
///
/// The one seam for ways to store weights: `Linear` picks one by the stored type, and no model file
/// knows.
protocol WeightMatrix: Sendable {
    /// Length of a result row.
    var outputs: Int { get }
    /// Length of an input row.
    var inputs: Int { get }
    /// `y = x Wᵀ`, or `y += x Wᵀ` where it `adds`, for x [rows, inputs] and y [rows, outputs].
    func multiply(_ x: PreparedRows, into y: inout Matrix, adds: Bool)
}

/// Weights that are not packed, multiplied in single precision by OpenBLAS.
struct DenseWeights: WeightMatrix {
    let outputs: Int
    let inputs: Int
    private let numbers: Numbers

    private enum Numbers {
        /// In single precision.
        case single(FloatBuffer)
        /// As they are stored, converted for every product: a large model would not fit otherwise.
        case stored(Weights)
    }

    /// Numbers from which on converting them once would take too much memory.
    static let mostConverted = 1 << 22

    /// Uses mapped numbers as they stand where they are aligned single precision.
    ///
    /// Others are converted once, or for every product if there are more than `mostConverted`.
    /// Dimensions after the first are taken as one.
    init(_ weights: Weights, mostConverted: Int = mostConverted) {
        precondition(weights.shape.count >= 2, "a weight matrix has two dimensions")
        outputs = weights.shape[0]
        inputs = weights.shape.dropFirst().reduce(1, *)
        if let mapped = FloatBuffer(mapping: weights) {
            numbers = .single(mapped)
        } else if weights.count > mostConverted {
            numbers = .stored(weights)
        } else {
            let buffer = FloatBuffer(capacity: weights.count)
            weights.copyFloats(from: 0, count: weights.count, to: buffer.start)
            // What stands in the file is not looked at again.
            weights.file.discardPages(weights.range)
            numbers = .single(buffer)
        }
    }

    func multiply(_ x: PreparedRows, into y: inout Matrix, adds: Bool) {
        let rows = x.plain.rows
        precondition(x.plain.columns == inputs && y.columns == outputs && rows == y.rows)
        OperationCount.add(multiplyAdds: rows * inputs * outputs)
        x.plain.read { source in
            y.write { target in
                switch numbers {
                case .single(let buffer):
                    GEMM.accumulateTransposed(
                        rows: rows, columns: outputs, depth: inputs,
                        a: source, aStride: inputs, b: UnsafePointer(buffer.start),
                        bStride: inputs, c: target, cStride: outputs, keeping: adds ? 1 : 0)
                case .stored(let weights):
                    GEMM.accumulateTransposed(
                        rows: rows, a: source, b: weights, c: target, keeping: adds ? 1 : 0)
                }
            }
        }
    }
}
