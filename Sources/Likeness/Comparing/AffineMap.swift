/// Where the places of one picture lie in another: an affine map of the unit square.
///
/// `(x, y)` of the one is `(xx·x + xy·y + x0, yx·x + yy·y + y0)` of the other, both from the picture's
/// middle, in widths and heights: a crop of 95 % from the middle has `xx = yy = 0.95` and no other number.
struct AffineMap: Equatable {
    var xx: Float = 1
    var xy: Float = 0
    var x0: Float = 0
    var yx: Float = 0
    var yy: Float = 1
    var y0: Float = 0

    func callAsFunction(_ x: Float, _ y: Float) -> (x: Float, y: Float) {
        (xx * x + xy * y + x0, yx * x + yy * y + y0)
    }

    /// [xx, xy, x0, yx, yy, y0].
    var numbers: [Float] { [xx, xy, x0, yx, yy, y0] }

    /// How far the one's edges lie inside the other's: left, right, top, bottom; negative outside.
    var insets: [Float] {
        [0.5 + x0 - xx / 2, 0.5 - x0 - xx / 2, 0.5 + y0 - yy / 2, 0.5 - y0 - yy / 2]
    }

    /// How much each picture shows, at some edge, that the other lacks; 0 where one is a part of the other.
    var overhang: Float {
        let insets = insets
        return min(max(0, -(insets.min() ?? 0)), max(0, insets.max() ?? 0))
    }

    /// How much the axes are slanted: turned, sheared.
    var turn: Float { max(abs(xy), abs(yx)) }

    /// The map after a step, kept within what is looked for.
    func stepped(by change: [Float]) -> AffineMap {
        let near = { (value: Float, middle: Float, room: Float) in
            min(max(value, middle - room), middle + room)
        }
        return AffineMap(
            xx: near(xx + change[0], 1, 0.2), xy: near(xy + change[1], 0, 0.1),
            x0: near(x0 + change[2], 0, 0.15), yx: near(yx + change[3], 0, 0.1),
            yy: near(yy + change[4], 1, 0.2), y0: near(y0 + change[5], 0, 0.15))
    }
}
