import CKernels

/// A square grid of numbers that is read at any place, with its slopes.
///
/// Places are in cells: the middle of the first cell is 0. Beyond the border the border's cells go on.
struct Plane {
    let edge: Int
    /// [edge, edge], row by row.
    let values: [Float]

    /// Values and slopes at places between the cells: see `vk_sample_grid`.
    ///
    /// - Parameter places: x and y of each in turn; finite.
    /// - Returns: value, slope to the right and slope downwards of each in turn, the slopes by cell.
    func samples(at places: [Float]) -> [Float] {
        let count = places.count / 2
        return [Float](unsafeUninitializedCapacity: count * 3) {
            vk_sample_grid(values, edge, places, count, $0.baseAddress)
            $1 = count * 3
        }
    }

    /// The value at a place, by a plane between the four cells around.
    func linear(_ x: Float, _ y: Float) -> Float {
        let last = Float(edge - 1)
        let (x, y) = (min(max(x, 0), last), min(max(y, 0), last))
        let (left, top) = (min(Int(x), edge - 2), min(Int(y), edge - 2))
        let (right, down) = (x - Float(left), y - Float(top))
        let place = top * edge + left
        let upper = values[place] * (1 - right) + values[place + 1] * right
        let lower = values[place + edge] * (1 - right) + values[place + edge + 1] * right
        return upper * (1 - down) + lower * down
    }

    /// The squared length of the slope at a cell that has neighbours on all sides.
    func squaredSlope(at cell: Int) -> Float {
        let across = (values[cell + 1] - values[cell - 1]) / 2
        let down = (values[cell + edge] - values[cell - edge]) / 2
        return across * across + down * down
    }

    /// The sum of the second derivatives; 0 at the border.
    func curvature() -> Plane {
        var result = [Float](repeating: 0, count: values.count)
        for row in 1..<edge - 1 {
            for cell in row * edge + 1..<row * edge + edge - 1 {
                let around =
                    values[cell - 1] + values[cell + 1] + values[cell - edge] + values[cell + edge]
                result[cell] = around - 4 * values[cell]
            }
        }
        return Plane(edge: edge, values: result)
    }

    /// The grid with each cell the mean of three by three with weights 1 2 1.
    func blurred() -> Plane {
        var across = values
        for y in 0..<edge {
            for x in 0..<edge {
                let row = y * edge
                across[row + x] =
                    (values[row + max(x - 1, 0)] + 2 * values[row + x]
                        + values[row + min(x + 1, edge - 1)]) / 4
            }
        }
        var both = across
        for y in 0..<edge {
            let (above, below) = (max(y - 1, 0) * edge, min(y + 1, edge - 1) * edge)
            for x in 0..<edge {
                both[y * edge + x] =
                    (across[above + x] + 2 * across[y * edge + x] + across[below + x]) / 4
            }
        }
        return Plane(edge: edge, values: both)
    }

    /// The grid half as fine, each cell the mean of two by two.
    ///
    /// - Precondition: an even edge.
    func halved() -> Plane {
        let half = edge / 2
        var means = [Float](repeating: 0, count: half * half)
        for y in 0..<half {
            for x in 0..<half {
                let place = 2 * y * edge + 2 * x
                means[y * half + x] =
                    (values[place] + values[place + 1] + values[place + edge]
                        + values[place + edge + 1]) / 4
            }
        }
        return Plane(edge: half, values: means)
    }
}
