import Imaging

extension RGBImage {
    /// A picture whose colours change along both edges.
    static func gradient(_ width: Int, _ height: Int) -> RGBImage {
        let pixels = (0..<width * height).flatMap { place -> [UInt8] in
            let (x, y) = (place % width, place / width)
            return [x * 255 / width, y * 255 / height, (x + y) % 256].map {
                UInt8(truncatingIfNeeded: $0)
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}
