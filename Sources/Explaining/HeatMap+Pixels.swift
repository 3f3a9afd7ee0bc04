import CLIP
public import Imaging

extension HeatMap {
    /// The picture with the weights over it, and the scale of colours below.
    ///
    /// - Parameters:
    ///   - longEdge: Pixels of the picture's longer edge.
    ///   - hasOutline: Whether the areas are outlined that have half of the weight.
    /// - Returns: Pixels.
    public func pixels(longEdge: Int, hasOutline: Bool) -> RGBImage {
        let scale = Double(longEdge) / Double(max(picture.width, picture.height, 1))
        let width = max(Int(Double(picture.width) * scale), 16)
        let height = max(Int(Double(picture.height) * scale), 16)
        var sheet = Sheet(picture.resized(width: width, height: height), below: 22)
        sheet.grey(rows: 0..<height)
        for place in areas.indices {
            let area = areas[place], share = share(place)
            sheet.blend(
                columns: Self.span(area.x, area.width, width),
                rows: Self.span(area.y, area.height, height), ColourMap.colour(share),
                Self.opacity(share))
        }
        if hasOutline {
            for edge in outline {
                sheet.line(
                    Int((edge.from.x * Double(width)).rounded()),
                    Int((edge.from.y * Double(height)).rounded()),
                    Int((edge.to.x * Double(width)).rounded()),
                    Int((edge.to.y * Double(height)).rounded()), below: height)
            }
        }
        sheet.scale(top: height, upTo: Double(largest))
        return sheet.image
    }

    /// The pixels of a stretch that is given in shares, as far as they are of the picture.
    private static func span(_ start: Double, _ length: Double, _ edge: Int) -> Range<Int> {
        // A little more, so that where one ends and the next begins are rounded alike.
        func pixel(_ share: Double) -> Int { Int((share * Double(edge) + 1e-6).rounded()) }
        let from = min(max(pixel(start), 0), edge)
        return from..<min(max(pixel(start + length), from), edge)
    }
}

/// Pixels that are drawn on.
private struct Sheet {
    private let width: Int
    private let height: Int
    private var pixels: [UInt8]

    /// The picture with white rows below it.
    init(_ image: RGBImage, below rows: Int) {
        width = image.width
        height = image.height + rows
        pixels = image.pixels + [UInt8](repeating: 255, count: width * rows * 3)
    }

    var image: RGBImage { RGBImage(width: width, height: height, pixels: pixels) }

    /// Takes the colours out, so that those of the map are alone.
    mutating func grey(rows: Range<Int>) {
        for place in stride(from: rows.lowerBound * width, to: rows.upperBound * width, by: 1) {
            let (red, green, blue) = (
                Int(pixels[place * 3]), Int(pixels[place * 3 + 1]), Int(pixels[place * 3 + 2])
            )
            // The weights of BT.601.
            let light = UInt8((299 * red + 587 * green + 114 * blue) / 1000)
            for channel in 0..<3 { pixels[place * 3 + channel] = light }
        }
    }

    mutating func blend(
        columns: Range<Int>, rows: Range<Int>, _ colour: RGBColour, _ opacity: Double
    ) {
        let channels = [colour.red, colour.green, colour.blue].map(Double.init)
        for row in rows {
            for column in columns {
                for (channel, value) in channels.enumerated() {
                    let place = (row * width + column) * 3 + channel
                    let mixed = Double(pixels[place]) * (1 - opacity) + value * opacity
                    pixels[place] = UInt8(mixed.rounded())
                }
            }
        }
    }

    /// A white line of two pixels, upright or level.
    mutating func line(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int, below end: Int) {
        for y in min(y0, y1) - 1...max(y0, y1) {
            for x in min(x0, x1) - 1...max(x0, x1)
            where (0..<width).contains(x) && (0..<end).contains(y) {
                for channel in 0..<3 { pixels[(y * width + x) * 3 + channel] = 255 }
            }
        }
    }

    /// The colours from 0 to the largest weight, with both ends in per cent.
    mutating func scale(top: Int, upTo largest: Double) {
        for column in 0..<width {
            let colour = ColourMap.colour(Double(column) / Double(max(width - 1, 1)))
            blend(columns: column..<column + 1, rows: top + 2..<top + 10, colour, 1)
        }
        write("0%", left: 1, top: top + 13)
        let text = "\((largest * 1000).rounded() / 10)%"
        write(text, left: max(width - Lettering.width(text) - 1, 0), top: top + 13)
    }

    private mutating func write(_ text: String, left: Int, top: Int) {
        for (x, y) in Lettering.dots(text) where left + x < width && top + y < height {
            for channel in 0..<3 { pixels[((top + y) * width + left + x) * 3 + channel] = 0 }
        }
    }
}
