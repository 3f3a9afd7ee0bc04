import Foundation
public import Imaging

/// Curves over places on one axis, with a legend; drawn as SVG or as pixels.
public struct LinePlot: Sendable {
    /// A curve.
    public struct Curve: Sendable {
        /// What it is of.
        public var name: String
        /// Which of the plot's colours it has.
        public var colour: Int
        /// How long it is drawn and left out in turn; nothing for a whole line.
        public var dash: [Double]
        /// Its points: the place on the axis, from 0 on, ascending, and the value, none below 0.
        public var points: [(place: Int, value: Double)]
    }

    /// What is shown.
    public var title: String
    /// What the values are.
    public var unit: String
    /// A name for each place on the axis.
    public var places: [String]
    /// The places before which a line divides the axis.
    public var dividers: [Int] = []
    /// The curves.
    public var curves: [Curve]

    /// Eight colours that people who confuse colours tell apart, and that print.
    ///
    /// Okabe and Ito, "Color Universal Design" (2008), with a darker yellow and a grey in place of black.
    static let colours: [RGBColour] = [
        RGBColour(red: 0, green: 114, blue: 178), RGBColour(red: 213, green: 94, blue: 0),
        RGBColour(red: 0, green: 158, blue: 115), RGBColour(red: 204, green: 121, blue: 167),
        RGBColour(red: 86, green: 180, blue: 233), RGBColour(red: 230, green: 159, blue: 0),
        RGBColour(red: 170, green: 150, blue: 0), RGBColour(red: 90, green: 90, blue: 90),
    ]

    private static let (width, height) = (820, 380)
    /// Where curves are.
    private static let (left, right, top, bottom) = (56.0, 570.0, 44.0, 330.0)
    private static let faint = RGBColour(red: 218, green: 218, blue: 218)
    private static let ink = RGBColour(red: 32, green: 32, blue: 32)

    /// The plot as SVG.
    public var svg: String {
        var canvas = SVGCanvas(width: Self.width, height: Self.height)
        draw(on: &canvas)
        return canvas.drawing
    }

    /// The plot as pixels.
    public var pixels: RGBImage {
        var canvas = PixelCanvas(width: Self.width, height: Self.height)
        draw(on: &canvas)
        return canvas.image
    }

    /// Steps of 1, 2 or 5 times a power of ten, of which at most six lead from 0 past the largest value.
    static func steps(upTo largest: Double) -> [Double] {
        guard largest > 0, largest.isFinite else { return [0, 1] }
        // What rounding adds to a whole is no reason for another step.
        let slack = 1e-4
        let power = pow(10, floor(log10(largest / 6)))
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 * 6 >= largest * (1 - slack) }
        let width = step ?? power * 10
        return (0...Int((largest / width * (1 - slack)).rounded(.up))).map { Double($0) * width }
    }

    private func draw(on canvas: inout some PlotCanvas) {
        let largest = curves.flatMap { $0.points.map(\.value) }.max() ?? 0
        let steps = Self.steps(upTo: largest)
        let end = steps.last ?? 1
        canvas.text(title, at: PlotPoint(x: Self.left, y: 18), .start)
        canvas.text(unit, at: PlotPoint(x: Self.left, y: 35), .start)
        for step in steps {
            let y = self.y(step, of: end)
            canvas.line(
                [PlotPoint(x: Self.left, y: y), PlotPoint(x: Self.right, y: y)], Self.faint,
                width: 1, dash: [])
            canvas.text(
                String(format: "%g", (step * 1e6).rounded() / 1e6),
                at: PlotPoint(x: Self.left - 6, y: y + 4), .end)
        }
        drawAxis(on: &canvas)
        for (row, curve) in curves.enumerated() { draw(curve, row: row, of: end, on: &canvas) }
    }

    private func drawAxis(on canvas: inout some PlotCanvas) {
        canvas.line(
            [PlotPoint(x: Self.left, y: Self.bottom), PlotPoint(x: Self.right, y: Self.bottom)],
            Self.ink, width: 1, dash: [])
        let skip = max((places.count + 15) / 16, 1)
        for (place, name) in places.enumerated() where place.isMultiple(of: skip) {
            canvas.text(name, at: PlotPoint(x: x(place), y: Self.bottom + 18), .middle)
        }
        for divider in dividers {
            let x = self.x(divider) - spacing / 2
            canvas.line(
                [PlotPoint(x: x, y: Self.top), PlotPoint(x: x, y: Self.bottom)], Self.ink,
                width: 1, dash: [2, 3])
        }
    }

    /// A curve and its line of the legend.
    private func draw(
        _ curve: Curve, row: Int, of end: Double, on canvas: inout some PlotCanvas
    ) {
        let colour = Self.colours[curve.colour % Self.colours.count]
        let points = curve.points.map {
            PlotPoint(x: x($0.place), y: y(max($0.value, 0), of: end))
        }
        canvas.line(points, colour, width: 2, dash: curve.dash)
        for point in points { canvas.dot(point, colour, radius: 2.5) }
        let line = Self.top + 6 + Double(row) * 18
        canvas.line(
            [PlotPoint(x: Self.right + 14, y: line), PlotPoint(x: Self.right + 44, y: line)],
            colour,
            width: 2, dash: curve.dash)
        canvas.text(curve.name, at: PlotPoint(x: Self.right + 50, y: line + 4), .start)
    }

    private var spacing: Double { (Self.right - Self.left) / Double(max(places.count, 1)) }

    private func x(_ place: Int) -> Double { Self.left + spacing * (Double(place) + 0.5) }

    private func y(_ value: Double, of end: Double) -> Double {
        Self.bottom - (Self.bottom - Self.top) * value / end
    }
}
