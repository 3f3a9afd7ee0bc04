extension RGBImage {
    /// A part of the picture.
    ///
    /// - Precondition: the part lies within the picture and is not empty.
    public func cropped(to part: PixelRectangle) -> RGBImage {
        precondition(part.x >= 0 && part.width > 0 && part.x <= width - part.width)
        precondition(part.y >= 0 && part.height > 0 && part.y <= height - part.height)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.width * part.height * 3)
        for row in part.y..<(part.y + part.height) {
            let start = (row * width + part.x) * 3
            bytes += pixels[start..<(start + part.width * 3)]
        }
        return RGBImage(width: part.width, height: part.height, pixels: bytes)
    }

    /// The picture in the middle of a square of one colour, whose edge is the longer of its own.
    ///
    /// Where the room left over is odd, the pixel more is right of or below the picture.
    public func paddedToSquare(with colour: RGBColour) -> RGBImage {
        guard width != height else { return self }
        let edge = max(width, height)
        let (left, top) = ((edge - width) / 2, (edge - height) / 2)
        let blankRow = colour.repeated(edge)
        let leftRoom = colour.repeated(left)
        let rightRoom = colour.repeated(edge - left - width)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(edge * edge * 3)
        for row in 0..<edge {
            guard row >= top, row < top + height else {
                bytes += blankRow
                continue
            }
            let start = (row - top) * width * 3
            bytes += leftRoom
            bytes += pixels[start..<(start + width * 3)]
            bytes += rightRoom
        }
        return RGBImage(width: edge, height: edge, pixels: bytes)
    }
}

/// One colour, 8 bits a channel.
public struct RGBColour: Equatable, Sendable {
    /// Red.
    public let red: UInt8
    /// Green.
    public let green: UInt8
    /// Blue.
    public let blue: UInt8

    /// Mixes a colour.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    func repeated(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: red, count: count * 3)
        for pixel in 0..<count {
            bytes[pixel * 3 + 1] = green
            bytes[pixel * 3 + 2] = blue
        }
        return bytes
    }
}
