import CJPEGShim
import Glibc
import Imaging

/// Pictures as JPEG, by libjpeg.
enum JPEGEncoder {
    /// Encodes a picture.
    ///
    /// - Parameters:
    ///   - image: In sRGB, at most 65,500 pixels an edge.
    ///   - quality: libjpeg's, 1 to 100.
    /// - Returns: A whole file, without metadata.
    /// - Throws: `CodecError.failed`.
    static func encode(_ image: RGBImage, quality: Int) throws(CodecError) -> [UInt8] {
        var count = 0
        let bytes = image.pixels.withUnsafeBufferPointer { pixels in
            vignette_jpeg_encode(
                pixels.baseAddress, UInt32(image.width), UInt32(image.height), Int32(quality),
                &count)
        }
        guard let bytes else { throw .failed("a JPEG could not be made") }
        defer { free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }
}
