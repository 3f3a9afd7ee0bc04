import Foundation
import Imaging

/// A drawing as SVG 1.1 that needs nothing beside itself.
struct SVGCanvas: PlotCanvas {
    private let width: Int
    private let height: Int
    private var parts: [String] = []

    init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    /// The whole drawing.
    var drawing: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
        viewBox="0 0 \(width) \(height)" font-family="sans-serif" font-size="13" role="img">
        <rect width="100%" height="100%" fill="#fff"/>
        \(parts.joined(separator: "\n"))
        </svg>

        """
    }

    mutating func line(
        _ points: [PlotPoint], _ colour: RGBColour, width: Double, dash: [Double]
    ) {
        let path = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }
            .joined(separator: " ")
        let dashes =
            dash.isEmpty
            ? "" : " stroke-dasharray=\"\(dash.map(Self.number).joined(separator: " "))\""
        parts.append(
            """
            <polyline points="\(path)" fill="none" stroke="\(Self.hexadecimal(colour))" \
            stroke-width="\(Self.number(width))"\(dashes)/>
            """)
    }

    mutating func dot(_ centre: PlotPoint, _ colour: RGBColour, radius: Double) {
        parts.append(
            """
            <circle cx="\(Self.number(centre.x))" cy="\(Self.number(centre.y))" \
            r="\(Self.number(radius))" fill="\(Self.hexadecimal(colour))"/>
            """)
    }

    mutating func text(_ text: String, at place: PlotPoint, _ anchor: TextAnchor) {
        parts.append(
            """
            <text x="\(Self.number(place.x))" y="\(Self.number(place.y))" \
            text-anchor="\(anchor.rawValue)">\(HeatMap.escaped(text))</text>
            """)
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    private static func hexadecimal(_ colour: RGBColour) -> String {
        String(format: "#%02x%02x%02x", colour.red, colour.green, colour.blue)
    }
}
