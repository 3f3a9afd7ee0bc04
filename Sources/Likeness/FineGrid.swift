import Imaging

/// A picture squeezed to a square of some cells an edge, from which coarser grids are made.
struct FineGrid {
    /// Cells of the fine grid for one of the grid of light, along an edge.
    static let factor = 3
    /// What light of the smoothed grid is multiplied with: 729 for the weights, so that no rounding is lost.
    static let scale = 729

    /// One whole number a cell, row by row.
    struct Channel {
        let edge: Int
        var values: [Int]
    }

    private let pixels: RGBImage

    init(_ image: RGBImage, edge: Int) {
        pixels = image.resized(width: edge, height: edge)
    }

    /// Luma, BT.601, 0 to 255.
    var light: Channel {
        let bytes = pixels.pixels
        var values: [Int] = []
        values.reserveCapacity(bytes.count / 3)
        for place in stride(from: 0, to: bytes.count, by: 3) {
            let (r, g, b) = (Int(bytes[place]), Int(bytes[place + 1]), Int(bytes[place + 2]))
            values.append((77 * r + 150 * g + 29 * b) >> 8)
        }
        return Channel(edge: pixels.width, values: values)
    }

    /// A bit for each cell of three by three: whether a channel within it is nearly full.
    func glare() -> [UInt8] {
        let edge = pixels.width / Self.factor
        var bits = [UInt8](repeating: 0, count: edge * edge / 8)
        for (place, pixel) in stride(from: 0, to: pixels.pixels.count, by: 3).enumerated() {
            let brightest = pixels.pixels[pixel..<pixel + 3].max() ?? 0
            guard brightest >= Self.nearlyFull else { continue }
            let row = place / pixels.width / Self.factor
            let cell = row * edge + place % pixels.width / Self.factor
            bits[cell / 8] |= 1 << (cell % 8)
        }
        return bits
    }

    /// A mean of pixels some of which are at 255.
    private static let nearlyFull: UInt8 = 240

    /// Blue- and red-difference, BT.601, averaged to a grid: [2, edge, edge] with 128 for grey.
    func colours(edge: Int) -> [UInt8] {
        let bytes = pixels.pixels
        let block = pixels.width / edge
        let count = block * block
        var blue = [Int](repeating: 0, count: edge * edge)
        var red = blue
        for y in 0..<edge * block {
            for x in 0..<edge * block {
                let place = (y * pixels.width + x) * 3
                let (r, g, b) = (Int(bytes[place]), Int(bytes[place + 1]), Int(bytes[place + 2]))
                let cell = y / block * edge + x / block
                blue[cell] += -43 * r - 85 * g + 128 * b
                red[cell] += 128 * r - 107 * g - 21 * b
            }
        }
        return (blue + red).map { UInt8(clamping: 128 + ($0 / count + 128) >> 8) }
    }
}

extension FineGrid.Channel {
    /// Finds out how much of the changes of light lies within cells of a grid.
    ///
    /// - Parameter cells: This channel, smoothed.
    /// - Returns: `PictureSignature.fineness`.
    func fineness(within cells: FineGrid.Channel) -> UInt8 {
        var fine = 0
        for (place, value) in values.enumerated() {
            let row = place / edge / FineGrid.factor
            let cell = row * cells.edge + place % edge / FineGrid.factor
            let difference = value * FineGrid.scale - cells.values[cell]
            fine += difference * difference
        }
        fine /= values.count
        // Noise in plain pictures is finer than anything else in them.
        guard fine >= Self.leastFine * FineGrid.scale * FineGrid.scale else { return 0 }
        var coarse = 0
        for row in 0..<cells.edge - 1 {
            for cell in row * cells.edge..<(row + 1) * cells.edge - 1 {
                let across = cells.values[cell + 1] - cells.values[cell]
                let down = cells.values[cell + cells.edge] - cells.values[cell]
                coarse += across * across + down * down
            }
        }
        coarse /= (cells.edge - 1) * (cells.edge - 1)
        return UInt8(clamping: fine * 16 / max(coarse, 1))
    }

    /// Mean square, in steps of 255.
    private static let leastFine = 60

    /// The grid a third as fine, each cell the mean of seven by seven, times 729.
    ///
    /// Weights are a quadratic spline's, 1 3 6 7 6 3 1. Each overlaps its neighbours: what lies between two cells is in both, so that a grid can be read at
    /// places between its cells, as a cropped picture's comparison does, with little error.
    func smoothed() -> FineGrid.Channel {
        let rows = Rows(width: edge, height: edge, values: values)
        let both = rows.smoothedAcross().transposed().smoothedAcross().transposed()
        return FineGrid.Channel(edge: both.width, values: both.values)
    }
}

/// Numbers in rows, of any shape.
private struct Rows {
    let width: Int
    let height: Int
    let values: [Int]

    private static let spline = [(-3, 1), (-2, 3), (-1, 6), (0, 7), (1, 6), (2, 3), (3, 1)]

    func smoothedAcross() -> Rows {
        let narrow = width / FineGrid.factor
        var result = [Int](repeating: 0, count: narrow * height)
        for y in 0..<height {
            for x in 0..<narrow {
                let middle = x * FineGrid.factor + 1
                var sum = 0
                for (offset, weight) in Self.spline {
                    sum += weight * values[y * width + min(max(middle + offset, 0), width - 1)]
                }
                result[y * narrow + x] = sum
            }
        }
        return Rows(width: narrow, height: height, values: result)
    }

    func transposed() -> Rows {
        let turned = (0..<width).flatMap { x in (0..<height).map { values[$0 * width + x] } }
        return Rows(width: height, height: width, values: turned)
    }
}
