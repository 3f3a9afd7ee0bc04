import Foundation
import Imaging

/// A drawing as pixels, two to a unit, with soft edges.
struct PixelCanvas: PlotCanvas {
    /// Pixels of a unit.
    private static let scale = 2.0

    private let width: Int
    private let height: Int
    private var pixels: [UInt8]

    init(width: Int, height: Int) {
        self.width = width * Int(Self.scale)
        self.height = height * Int(Self.scale)
        pixels = [UInt8](repeating: 255, count: self.width * self.height * 3)
    }

    /// The whole drawing.
    var image: RGBImage { RGBImage(width: width, height: height, pixels: pixels) }

    mutating func line(
        _ points: [PlotPoint], _ colour: RGBColour, width: Double, dash: [Double]
    ) {
        for (from, to) in Self.strokes(points, dash: dash) {
            stroke(from, to, colour, radius: width / 2)
        }
    }

    mutating func dot(_ centre: PlotPoint, _ colour: RGBColour, radius: Double) {
        stroke(centre, centre, colour, radius: radius)
    }

    mutating func text(_ text: String, at place: PlotPoint, _ anchor: TextAnchor) {
        let wide = Double(Lettering.width(text))
        let left =
            switch anchor {
            case .start: place.x
            case .middle: place.x - wide / 2
            case .end: place.x - wide
            }
        let dot = Int(Self.scale)
        let (startX, startY) = (
            Int((left * Self.scale).rounded()), Int(((place.y - 7) * Self.scale).rounded())
        )
        for (x, y) in Lettering.dots(text) {
            for row in 0..<dot {
                for column in 0..<dot {
                    blend(startX + x * dot + column, startY + y * dot + row, Self.ink, 1)
                }
            }
        }
    }

    private static let ink = RGBColour(red: 32, green: 32, blue: 32)

    /// The pieces of a line that are drawn.
    static func strokes(
        _ points: [PlotPoint], dash: [Double]
    ) -> [(from: PlotPoint, to: PlotPoint)] {
        let segments = zip(points, points.dropFirst()).map { (from: $0, to: $1) }
        guard !dash.isEmpty, dash.allSatisfy({ $0 > 0 }) else { return segments }
        var (part, left) = (0, dash[0])
        return segments.flatMap { segment in
            var pieces: [(from: PlotPoint, to: PlotPoint)] = []
            let (dx, dy) = (segment.to.x - segment.from.x, segment.to.y - segment.from.y)
            let length = (dx * dx + dy * dy).squareRoot()
            var done = 0.0
            while done < length {
                let step = min(left, length - done)
                if part.isMultiple(of: 2) {
                    func place(_ at: Double) -> PlotPoint {
                        PlotPoint(
                            x: segment.from.x + dx * at / length,
                            y: segment.from.y + dy * at / length)
                    }
                    pieces.append((place(done), place(done + step)))
                }
                done += step
                left -= step
                guard left <= 0 else { continue }
                part = (part + 1) % dash.count
                left = dash[part]
            }
            return pieces
        }
    }

    /// A stroke with round ends: each pixel is covered by how near it is.
    private mutating func stroke(
        _ from: PlotPoint, _ to: PlotPoint, _ colour: RGBColour, radius: Double
    ) {
        let (a, b) = (
            (x: from.x * Self.scale, y: from.y * Self.scale),
            (x: to.x * Self.scale, y: to.y * Self.scale)
        )
        let thick = radius * Self.scale
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let square = dx * dx + dy * dy
        for y in Int(min(a.y, b.y) - thick - 1)...Int(max(a.y, b.y) + thick + 1) {
            for x in Int(min(a.x, b.x) - thick - 1)...Int(max(a.x, b.x) + thick + 1) {
                let (px, py) = (Double(x) + 0.5 - a.x, Double(y) + 0.5 - a.y)
                let along = square > 0 ? min(max((px * dx + py * dy) / square, 0), 1) : 0
                let (ox, oy) = (px - along * dx, py - along * dy)
                blend(x, y, colour, thick + 0.5 - (ox * ox + oy * oy).squareRoot())
            }
        }
    }

    private mutating func blend(_ x: Int, _ y: Int, _ colour: RGBColour, _ cover: Double) {
        guard cover > 0, (0..<width).contains(x), (0..<height).contains(y) else { return }
        let share = min(cover, 1)
        for (channel, value) in [colour.red, colour.green, colour.blue].enumerated() {
            let place = (y * width + x) * 3 + channel
            let mixed = Double(pixels[place]) * (1 - share) + Double(value) * share
            pixels[place] = UInt8(mixed.rounded())
        }
    }
}
