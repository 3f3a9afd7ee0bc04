/// A picture in memory: 8 bits a channel, red, green, blue interleaved, row by row, no padding.
public struct RGBImage: Equatable, Sendable {
    /// Width in pixels, at least 1.
    public let width: Int
    /// Height in pixels, at least 1.
    public let height: Int
    /// `height × width × 3` bytes, sRGB.
    public let pixels: [UInt8]

    /// Wraps pixels.
    ///
    /// - Precondition: `pixels.count == width * height * 3` and both edges are positive.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        precondition(pixels.count == width * height * 3, "three bytes a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}
