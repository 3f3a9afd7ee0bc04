import Imaging

/// The rule for pictures that end early.
enum Incomplete {
    /// The part of the rows that must be there.
    static let leastRows = 0.1
    /// Each channel of what is missing, as libjpeg fills it.
    static let grey: UInt8 = 128

    /// Refuses a picture of whose rows less is there than anything could be told from.
    static func check(_ rows: Double) throws(CodecError) {
        guard rows >= leastRows else {
            throw .rejected(
                "is cut short: \(Int(rows * 100)) % of the picture are there; copy it again")
        }
    }

    /// The picture, which may have been scaled down, with grey from row `row` of `height` on.
    static func cover(_ image: RGBImage, from row: Int, of height: Int) -> RGBImage {
        guard row < height else { return image }
        let start = row * image.height / height * image.width * 3
        var pixels = image.pixels
        pixels.replaceSubrange(start..., with: repeatElement(grey, count: pixels.count - start))
        return RGBImage(width: image.width, height: image.height, pixels: pixels)
    }
}
