import Imaging

/// How stored pixels are to be turned so that the picture stands upright, as EXIF counts it.
///
/// The value names the edges of the scene at which the first row and the first column of the stored
/// pixels lie (EXIF 2.32, tag 0x0112).
enum Orientation: Int, CaseIterable {
    case upright = 1
    case mirrored = 2
    case upsideDown = 3
    case flipped = 4
    case transposed = 5
    /// The stored picture must be turned a quarter clockwise.
    case right = 6
    case transversed = 7
    /// The stored picture must be turned a quarter counter-clockwise.
    case left = 8

    /// Whether the stored width is the picture's height.
    var swapsEdges: Bool { rawValue >= 5 }

    /// What undoes it.
    var inverse: Orientation {
        switch self {
        case .right: .left
        case .left: .right
        default: self
        }
    }

    /// The edges of the upright picture.
    func size(width: Int, height: Int) -> (width: Int, height: Int) {
        swapsEdges ? (height, width) : (width, height)
    }

    /// Turns stored pixels upright.
    func apply(to image: RGBImage) -> RGBImage {
        guard self != .upright else { return image }
        let (width, height) = size(width: image.width, height: image.height)
        let (start, right, down) = steps(width: image.width, height: image.height)
        let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, filled in
            image.pixels.withUnsafeBufferPointer { source in
                var next = 0
                for y in 0..<height {
                    var place = start + y * down
                    for _ in 0..<width {
                        target[next] = source[place]
                        target[next + 1] = source[place + 1]
                        target[next + 2] = source[place + 2]
                        next += 3
                        place += right
                    }
                }
            }
            filled = width * height * 3
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    /// Where in the stored bytes the upright picture starts, and how far a step right or down goes.
    private func steps(width: Int, height: Int) -> (start: Int, right: Int, down: Int) {
        let row = width * 3
        let lastColumn = row - 3
        let lastRow = (height - 1) * row
        return switch self {
        case .upright: (0, 3, row)
        case .mirrored: (lastColumn, -3, row)
        case .upsideDown: (lastRow + lastColumn, -3, -row)
        case .flipped: (lastRow, 3, -row)
        case .transposed: (0, row, 3)
        case .right: (lastRow, -row, 3)
        case .transversed: (lastRow + lastColumn, -row, -3)
        case .left: (lastColumn, row, -3)
        }
    }
}
