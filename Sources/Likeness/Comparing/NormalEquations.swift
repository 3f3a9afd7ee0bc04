import CKernels

/// Least squares of a few unknowns, by their normal equations.
struct NormalEquations {
    let unknowns: Int
    /// [unknowns, unknowns], of which the lower triangle is used.
    private var matrix: [Float]
    private var side: [Float]

    init(unknowns: Int) {
        self.unknowns = unknowns
        matrix = [Float](repeating: 0, count: unknowns * unknowns)
        side = [Float](repeating: 0, count: unknowns)
    }

    /// The equations of a step that lays one grid over another: see `vk_align_grids`.
    init(
        aligning second: Plane, to first: Plane, _ map: AffineMap, gain: Float, offset: Float,
        ordinaryError: Float
    ) {
        self.init(unknowns: 8)
        precondition(first.edge == second.edge)
        vk_align_grids(
            first.values, second.values, second.edge, map.numbers, gain, offset, ordinaryError,
            &matrix, &side)
    }

    /// Adds `weight × (Σ row × unknown − value)²` for each row to what is minimised.
    ///
    /// - Precondition: `rows` is [count, unknowns] for the count of the others.
    mutating func add(_ rows: [Float], _ values: [Float], weights: [Float]) {
        precondition(rows.count == values.count * unknowns && weights.count == values.count)
        vk_add_equations(rows, values, weights, values.count, unknowns, &matrix, &side)
    }

    /// Adds `weight × (unknown − value)²`.
    mutating func add(unknown index: Int, near value: Float, weight: Float) {
        matrix[index * unknowns + index] += weight
        side[index] += weight * value
    }

    /// The unknowns, by Cholesky's decomposition.
    ///
    /// - Returns: `nil` where they are not determined.
    func solved() -> [Float]? {
        var lower = matrix
        for i in 0..<unknowns {
            for j in 0...i {
                var sum = lower[i * unknowns + j]
                for k in 0..<j { sum -= lower[i * unknowns + k] * lower[j * unknowns + k] }
                if i == j {
                    guard sum > 1e-6 * matrix[i * unknowns + i] else { return nil }
                    lower[i * unknowns + i] = sum.squareRoot()
                } else {
                    lower[i * unknowns + j] = sum / lower[j * unknowns + j]
                }
            }
        }
        return substituted(lower)
    }

    private func substituted(_ lower: [Float]) -> [Float] {
        var result = side
        for i in 0..<unknowns {
            for k in 0..<i { result[i] -= lower[i * unknowns + k] * result[k] }
            result[i] /= lower[i * unknowns + i]
        }
        for i in (0..<unknowns).reversed() {
            for k in i + 1..<max(unknowns, i + 1) {
                result[i] -= lower[k * unknowns + i] * result[k]
            }
            result[i] /= lower[i * unknowns + i]
        }
        return result
    }
}
