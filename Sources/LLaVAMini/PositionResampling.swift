import ModelLoading
import Tensor

/// Resampling of a square grid of vectors.
///
/// torch's `interpolate(mode="bicubic", align_corners=False)`: cubic convolution with a = −0.75,
/// no antialiasing, the outermost vectors repeated beyond the edge.
enum PositionResampling {
    /// Resamples vectors [source², width], row by row over their grid, to [target², width].
    static func resample(_ vectors: Matrix, from source: Int, to target: Int) -> Matrix {
        guard source != target else { return vectors }
        let axis = axisMatrix(from: source, to: target)
        let width = vectors.columns
        // Down the columns first, a whole row of the grid as one long vector; then along each row.
        let tall = axis.multiplied(by: vectors.reshaped(columns: source * width))
        let rows = (0..<target).map { row in
            axis.multiplied(by: tall.rows(row..<row + 1).reshaped(columns: width))
        }
        return Matrix(stacking: rows)
    }

    /// One axis' weights: [target, source].
    private static func axisMatrix(from source: Int, to target: Int) -> Matrix {
        var values = [Float](repeating: 0, count: target * source)
        for place in 0..<target {
            for (tap, weight) in weights(of: place, source: source, target: target) {
                values[place * source + tap] += Float(weight)
            }
        }
        return Matrix(rows: target, columns: source, values: values)
    }

    /// The four source places of a target place, clamped to the edge, and their weights.
    private static func weights(
        of place: Int, source: Int, target: Int
    ) -> [(place: Int, weight: Double)] {
        let position = (Double(place) + 0.5) * Double(source) / Double(target) - 0.5
        let first = position.rounded(.down)
        return (-1...2).map { offset in
            let tap = first + Double(offset)
            return (min(max(Int(tap), 0), source - 1), kernel(position - tap))
        }
    }

    private static func kernel(_ distance: Double) -> Double {
        let (x, a) = (abs(distance), -0.75)
        guard x > 1 else { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    }
}
