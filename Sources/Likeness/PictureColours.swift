/// A picture's colours on a grid of a few cells, to stand in its place while it is not there yet.
public struct PictureColours: Equatable, Sendable {
    /// Cells in a row.
    public static let columns = 4
    /// Cells in a column.
    public static let rows = 3

    /// [3, 4, 3]: row by row, red, green and blue.
    public let values: [UInt8]

    /// Reads them from what a still is compared by.
    public init(_ signature: PictureSignature) {
        values = (0..<Self.rows * Self.columns).flatMap { cell in
            signature.mean(
                row: cell / Self.columns, of: Self.rows, column: cell % Self.columns,
                of: Self.columns)
        }
    }
}

extension PictureSignature {
    /// The mean colour of a part of the picture, from YCbCr of full range (BT.601).
    fileprivate func mean(row: Int, of rows: Int, column: Int, of columns: Int) -> [UInt8] {
        let edge = Self.lightEdge
        let step = edge / Self.colourEdge
        var (light, blue, red, count) = (0, 0, 0, 0)
        for y in row * edge / rows..<(row + 1) * edge / rows {
            for x in column * edge / columns..<(column + 1) * edge / columns {
                let cell = y / step * Self.colourEdge + x / step
                light += Int(self.light[y * edge + x])
                blue += Int(colours[cell])
                red += Int(colours[cell + Self.colourCount])
                count += 1
            }
        }
        let part = { (sum: Int) in Float(sum) / Float(count) }
        let luma = Float(darkest) + part(light) * (Float(brightest) - Float(darkest)) / 255
        let (cb, cr) = (part(blue) - 128, part(red) - 128)
        return [luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb]
            .map { UInt8(min(max($0.rounded(), 0), 255)) }
    }
}
