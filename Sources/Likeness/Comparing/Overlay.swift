/// What two pictures show at the same places, once it is known how one lies in the other.
struct Overlay {
    /// One cell of the second picture, and what the first has there.
    struct Point {
        /// The cell in the second's grid.
        let cell: Int
        let first: Tone
        /// The second's light.
        let light: Float
        /// The squared lengths of the slopes of light, by cell.
        let firstSlope: Float
        let secondSlope: Float
        /// Whether highlights may be lost there, in either.
        let hasGlare: Bool
    }

    let edge: Int
    /// Where the second's places lie in the first.
    let map: AffineMap
    private(set) var points: [Point] = []

    /// Samples the first at the places of the second's cells, which the map tells.
    init(_ first: SignaturePlanes, _ second: SignaturePlanes, _ map: AffineMap) {
        self.map = map
        edge = second.fine.edge
        let (cells, places) = Self.common(map, edge: edge)
        let samples = first.fine.samples(at: places.map { ($0 + 0.5) * Float(edge) - 0.5 })
        points.reserveCapacity(cells.count)
        for (index, cell) in cells.enumerated() {
            let (x, y) = (places[2 * index], places[2 * index + 1])
            let (right, down) = (samples[3 * index + 1], samples[3 * index + 2])
            let slope = right * right + down * down
            let column = Int((x + 0.5) * Float(edge))
            let row = Int((y + 0.5) * Float(edge))
            points.append(
                Point(
                    cell: cell, first: first.tone(samples[3 * index], slope: slope, x, y),
                    light: second.fine.values[cell], firstSlope: slope,
                    secondSlope: second.fine.squaredSlope(at: cell),
                    hasGlare: second.glare[cell] || first.glare[row * edge + column]))
        }
    }

    /// The second's cells that both pictures show, and where they lie in the first, x and y of each in turn.
    ///
    /// The border's cells have no neighbours on one side, which a picture that goes on there has: they are left out.
    private static func common(_ map: AffineMap, edge: Int) -> (cells: [Int], places: [Float]) {
        let width = Float(edge)
        let limit = 0.5 - 1.5 / width
        var cells: [Int] = []
        var places: [Float] = []
        for row in 1..<edge - 1 {
            for column in 1..<edge - 1 {
                let place = map(
                    (Float(column) + 0.5) / width - 0.5, (Float(row) + 0.5) / width - 0.5)
                guard abs(place.x) <= limit, abs(place.y) <= limit else { continue }
                cells.append(row * edge + column)
                places.append(place.x)
                places.append(place.y)
            }
        }
        return (cells, places)
    }

    /// The correlation of the light of both.
    var correlation: Float {
        var correlation = Correlation()
        for point in points { correlation.add(point.first.light - 128, point.light - 128) }
        return correlation.value
    }

    /// The mean square of the second's steps of light from cell to cell.
    var structure: Float {
        points.reduce(0) { $0 + $1.secondSlope } / Float(max(points.count, 1))
    }
}
