import Foundation
public import Imaging
public import LLaVAMini

/// Who attends to whom in each layer, as pictures; the paper's Figure 4.
public struct AttentionMapDrawing: Sendable {
    /// A layer's map and its name.
    public struct Panel: Sendable {
        /// The layer.
        public var name: String
        /// Its attention.
        public var map: AttentionMap
    }

    private let panels: [Panel]

    /// The smallest weight with a colour of its own; what is below has that of nothing.
    private static let least: Float = 1e-4
    /// Panels of a row.
    private static let columns = 4
    private static let edge = 180

    /// Draws the layers of an analysis that kept its maps; nil where it kept none.
    public init?(_ analysis: AttentionAnalysis) {
        panels = analysis.layers.compactMap { layer in
            layer.map.map {
                Panel(
                    name: (layer.stage == .preFusion ? "P" : "L") + "\(layer.number)", map: $0)
            }
        }
        guard !panels.isEmpty else { return nil }
    }

    /// All layers as pixels.
    public var pixels: RGBImage {
        PNGFile.mounted(
            panels.map { panel in
                var sheet = NamedSheet(Self.image(panel.map), name: panel.name)
                sheet.drawScale(from: Self.least)
                return sheet.image
            }, columns: Self.columns)
    }

    /// All layers as SVG that needs nothing beside itself.
    ///
    /// - Throws: `PNGFile.Failure`.
    public func svg() throws -> String {
        let (cell, high) = (Self.edge + 16, Self.edge + 44)
        let across = min(panels.count, Self.columns)
        let down = (panels.count + Self.columns - 1) / Self.columns
        let drawn = try panels.enumerated().map { place, panel in
            let data = Data(try PNGFile.bytes(Self.image(panel.map))).base64EncodedString()
            return """
                <g transform="translate(\(place % Self.columns * cell + 8) \(place / Self.columns * high + 8))">\
                <text y="12">\(panel.name): \(Self.order(panel.map))</text>\
                <image y="18" width="\(Self.edge)" height="\(Self.edge)" \
                xlink:href="data:image/png;base64,\(data)"/></g>
                """
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
            width="\(across * cell)" height="\(down * high)" \
            viewBox="0 0 \(across * cell) \(down * high)" font-family="sans-serif" font-size="10" role="img">
            <rect width="100%" height="100%" fill="#fff"/>
            \(drawn.joined(separator: "\n"))
            </svg>

            """
    }

    /// The kinds in the order in which their tokens stand, each run once: `vision 49, compressed 1`.
    static func order(_ map: AttentionMap) -> String {
        var runs: [(kind: TokenKind, count: Int)] = []
        for kind in map.kinds.compactMap({ $0 }) {
            if runs.last?.kind == kind {
                runs[runs.count - 1].count += 1
            } else {
                runs.append((kind, 1))
            }
        }
        return runs.map { "\($0.kind.rawValue.prefix(4)). \($0.count)" }.joined(separator: ", ")
    }

    /// A map in colours that go with the logarithm of its weights, from `least` to 1.
    static func image(_ map: AttentionMap) -> RGBImage {
        let scale = max(edge / map.edge, 1)
        let size = map.edge * scale
        var pixels = [UInt8](repeating: 0, count: size * size * 3)
        for row in 0..<size {
            for column in 0..<size {
                let weight = map.weights[row / scale * map.edge + column / scale]
                let colour = ColourMap.colour(share(weight))
                let place = (row * size + column) * 3
                pixels[place] = colour.red
                pixels[place + 1] = colour.green
                pixels[place + 2] = colour.blue
            }
        }
        return RGBImage(width: size, height: size, pixels: pixels)
    }

    /// Where a weight stands between the least and 1, by its logarithm.
    static func share(_ weight: Float) -> Double {
        guard weight > least else { return 0 }
        return 1 - Double(log(weight) / log(least))
    }
}

/// A picture with its name above it and a scale of colours below.
private struct NamedSheet {
    private let width: Int
    private let height: Int
    private var pixels: [UInt8]

    private static let (above, below) = (16, 24)

    init(_ picture: RGBImage, name: String) {
        width = picture.width
        height = picture.height + Self.above + Self.below
        pixels = [UInt8](repeating: 255, count: width * height * 3)
        pixels.replaceSubrange(
            Self.above * width * 3..<(Self.above + picture.height) * width * 3,
            with: picture.pixels)
        write(name, left: 1, top: 3)
    }

    var image: RGBImage { RGBImage(width: width, height: height, pixels: pixels) }

    /// The colours from the least weight to 1, with both.
    mutating func drawScale(from least: Float) {
        for column in 0..<width {
            let colour = ColourMap.colour(Double(column) / Double(max(width - 1, 1)))
            for row in height - Self.below + 3..<height - Self.below + 9 {
                set(column, row, colour)
            }
        }
        let text = String(format: "%g", least)
        write(text, left: 1, top: height - 12)
        write("1", left: width - Lettering.width("1") - 1, top: height - 12)
    }

    private mutating func write(_ text: String, left: Int, top: Int) {
        for (x, y) in Lettering.dots(text) where left + x < width && top + y < height {
            set(left + x, top + y, RGBColour(red: 0, green: 0, blue: 0))
        }
    }

    private mutating func set(_ x: Int, _ y: Int, _ colour: RGBColour) {
        let place = (y * width + x) * 3
        (pixels[place], pixels[place + 1], pixels[place + 2]) = (
            colour.red, colour.green, colour.blue
        )
    }
}
