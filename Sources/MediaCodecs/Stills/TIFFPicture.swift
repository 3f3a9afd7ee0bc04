import CTIFFShim
import Imaging

/// The first whole page of a TIFF or BigTIFF, through libtiff: strips, tiles, planes, every compression
/// that it knows, 1 to 16 bits, grey, colour, palettes, CMYK, YCbCr, Lab.
final class TIFFPicture {
    /// Width as stored.
    let width: Int
    /// Height as stored.
    let height: Int
    private let tiff: OpaquePointer
    // libtiff reads from these bytes as long as it has the file open.
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// Opens the file and checks the page's size.
    init(_ file: [UInt8], limits: StillLimits) throws(CodecError) {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: file.count)
        _ = bytes.initialize(fromContentsOf: file)
        guard let tiff = vignette_tiff_create(bytes.baseAddress, bytes.count) else {
            bytes.deallocate()
            throw .failed("no memory for a TIFF")
        }
        var width: UInt32 = 0
        var height: UInt32 = 0
        let isOpen = vignette_tiff_size(tiff, &width, &height)
        (self.width, self.height) = (Int(width), Int(height))
        self.tiff = tiff
        self.bytes = bytes
        guard isOpen else { throw .damaged("\(message) (TIFF)") }
        try limits.check(width: self.width, height: self.height)
        if let reason = vignette_tiff_unsupported(tiff) {
            throw .rejected("is a TIFF that is not supported: \(String(cString: reason))")
        }
    }

    deinit {
        vignette_tiff_destroy(tiff)
        bytes.deallocate()
    }

    private var message: String {
        let text = String(cString: vignette_tiff_message(tiff))
        return text.isEmpty ? "its first page has no size" : text
    }

    /// The stored pixels, transparency laid over white.
    func decode() throws(CodecError) -> RGBImage {
        var pixels = [UInt32](repeating: 0, count: width * height)
        guard vignette_tiff_decode(tiff, &pixels) else { throw .damaged("\(message) (TIFF)") }
        let width = width
        return RGBImage(width: width, height: height) { y, target in
            for x in 0..<width {
                let pixel = pixels[y * width + x]
                // Premultiplied, so white shows through by what alpha lacks.
                let white = 255 - Int(pixel >> 24)
                for channel in 0..<3 {
                    let value = Int(pixel >> (8 * UInt32(channel)) & 0xff)
                    target[x * 3 + channel] = UInt8(min(value + white, 255))
                }
            }
        }
    }
}
