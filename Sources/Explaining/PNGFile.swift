import CPNG
import Foundation
public import Imaging

/// Pictures as PNG, by libpng.
public enum PNGFile {
    /// What could not be written.
    public struct Failure: Error, CustomStringConvertible {
        /// libpng's words.
        public let description: String
    }

    /// The bytes of a file of 8 bits a channel.
    ///
    /// - Throws: `Failure`.
    public static func bytes(_ image: RGBImage) throws(Failure) -> [UInt8] {
        var header = png_image()
        header.version = png_uint_32(PNG_IMAGE_VERSION)
        header.width = png_uint_32(image.width)
        header.height = png_uint_32(image.height)
        header.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
        defer { png_image_free(&header) }
        // The upper bound of what the compression may come to.
        var size = png_alloc_size_t(image.pixels.count + image.pixels.count / 8 + 65_536)
        var bytes = [UInt8](repeating: 0, count: Int(size))
        guard png_image_write_to_memory(&header, &bytes, &size, 0, image.pixels, 0, nil) != 0 else {
            let words = withUnsafeBytes(of: header.message) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw Failure(description: "PNG: \(words)")
        }
        return Array(bytes.prefix(Int(size)))
    }

    /// Pictures beside each other, in rows of so many, with white between.
    public static func mounted(_ images: [RGBImage], columns: Int) -> RGBImage {
        let gap = 6
        let width = images.map(\.width).max() ?? 1
        let height = images.map(\.height).max() ?? 1
        let across = min(max(columns, 1), max(images.count, 1))
        let down = (max(images.count, 1) + across - 1) / across
        let all = across * (width + gap) - gap
        var pixels = [UInt8](repeating: 255, count: all * (down * (height + gap) - gap) * 3)
        for (place, image) in images.enumerated() {
            let left = place % across * (width + gap)
            let top = place / across * (height + gap)
            for row in 0..<image.height {
                let start = ((top + row) * all + left) * 3
                pixels.replaceSubrange(
                    start..<start + image.width * 3,
                    with: image.pixels[row * image.width * 3..<(row + 1) * image.width * 3])
            }
        }
        return RGBImage(width: all, height: down * (height + gap) - gap, pixels: pixels)
    }
}
