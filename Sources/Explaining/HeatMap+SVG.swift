import CLIP
import Foundation
import Imaging

extension HeatMap {
    /// A drawing of maps beside each other, each with its title and its scale of colours; needs no other file.
    ///
    /// - Parameters:
    ///   - maps: At least one.
    ///   - columns: How many stand in a row.
    ///   - edge: The longer edge of each picture, in pixels of the drawing.
    ///   - hasOutline: Whether the areas are outlined that have half of the weight.
    /// - Returns: SVG 1.1.
    /// - Throws: `PNGFile.Failure`.
    public static func drawing(
        _ maps: [HeatMap], columns: Int, edge: Int, hasOutline: Bool
    ) throws -> String {
        let across = min(max(columns, 1), max(maps.count, 1))
        let down = (maps.count + across - 1) / across
        let (cellWidth, cellHeight) = (edge + 16, edge + 64)
        var parts = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
            width="\(across * cellWidth)" height="\(down * cellHeight)" \
            viewBox="0 0 \(across * cellWidth) \(down * cellHeight)" font-family="sans-serif" font-size="13">
            <rect width="100%" height="100%" fill="#fff"/>
            <defs><linearGradient id="scale">\(gradient)</linearGradient></defs>
            """
        ]
        for (place, map) in maps.enumerated() {
            let (x, y) = (place % across * cellWidth + 8, place / across * cellHeight + 8)
            parts.append(
                "<g transform=\"translate(\(x) \(y))\">"
                    + (try map.panel(edge: edge, hasOutline: hasOutline)) + "</g>")
        }
        return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private static var gradient: String {
        (0...8).map { step in
            "<stop offset=\"\(Double(step) / 8)\" stop-color=\"\(ColourMap.hexadecimal(Double(step) / 8))\"/>"
        }.joined()
    }

    private func panel(edge: Int, hasOutline: Bool) throws -> String {
        let scale = Double(edge) / Double(max(picture.width, picture.height, 1))
        let width = (Double(picture.width) * scale).rounded()
        let height = (Double(picture.height) * scale).rounded()
        let small = picture.resized(width: max(Int(width), 1), height: max(Int(height), 1))
        let data = Data(try PNGFile.bytes(small)).base64EncodedString()
        let cells = areas.indices.map { place in
            let area = areas[place]
            return """
                <rect x="\(Self.number(area.x * width))" y="\(Self.number(area.y * height))" \
                width="\(Self.number(area.width * width))" height="\(Self.number(area.height * height))" \
                fill="\(ColourMap.hexadecimal(share(place)))" fill-opacity="\(Self.number(Self.opacity(share(place))))">\
                <title>\(Self.percent(weights[place]))</title></rect>
                """
        }
        let edges = hasOutline ? outline : []
        let lines = edges.map { edge in
            """
            <path d="M\(Self.number(edge.from.x * width)) \(Self.number(edge.from.y * height))\
            L\(Self.number(edge.to.x * width)) \(Self.number(edge.to.y * height))" stroke="#fff" stroke-width="2"/>
            """
        }
        return """
            <text y="13">\(Self.escaped(title))</text>
            <svg y="20" width="\(width)" height="\(height)"><image width="\(width)" height="\(height)" \
            xlink:href="data:image/png;base64,\(data)"/>\(cells.joined())\(lines.joined())</svg>
            <rect y="\(height + 24)" width="\(width)" height="8" fill="url(#scale)"/>
            <text y="\(height + 45)" font-size="11">0 %</text>
            <text x="\(width)" y="\(height + 45)" font-size="11" text-anchor="end">\(Self.percent(largest))</text>
            """
    }

    private static func number(_ value: Double) -> String { String(format: "%.2f", value) }

    static func percent(_ weight: Float) -> String { String(format: "%.1f %%", weight * 100) }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .filter { !$0.isNewline && $0 != "\0" }
    }
}
