import CWebP
import Imaging

/// A still WebP in memory, through libwebp: lossy or lossless, with or without transparency.
///
/// The library's way for files that are still arriving is taken for all: it tells how many rows are there.
struct WebPPicture {
    private let bytes: [UInt8]
    private let limits: StillLimits

    init(_ bytes: [UInt8], limits: StillLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The picture, transparency laid over white, and how many rows of it are there.
    ///
    /// With `acceptsEnd` a file that ends early will do; what is missing is grey.
    func decode(acceptsEnd: Bool = false) throws(CodecError) -> (image: RGBImage, rows: Int) {
        guard let decoder = WebPINewRGB(MODE_RGBA, nil, 0, 0) else {
            throw .failed("no memory for a WebP")
        }
        defer { WebPIDelete(decoder) }
        // The library reads from the bytes as long as it decodes.
        var result: Result<(image: RGBImage, rows: Int), CodecError> = .failure(.cutShort)
        bytes.withUnsafeBufferPointer { buffer in
            result = Result { () throws(CodecError) in
                let status = WebPIUpdate(decoder, buffer.baseAddress, buffer.count)
                try Self.check(status, acceptsEnd: acceptsEnd)
                return try picture(of: decoder)
            }
        }
        return try result.get()
    }

    private func picture(of decoder: OpaquePointer) throws(CodecError) -> (RGBImage, Int) {
        var (rows, width, height, stride): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        guard let pixels = WebPIDecGetRGB(decoder, &rows, &width, &height, &stride) else {
            throw .cutShort
        }
        try limits.check(width: Int(width), height: Int(height))
        let layout = PackedLayout.interleaved(hasAlpha: true)
        let image = RGBImage(width: Int(width), height: Int(height)) { y, target in
            guard y < rows else {
                target.update(repeating: Incomplete.grey, count: Int(width) * 3)
                return
            }
            layout.convert(pixels + y * Int(stride), to: target, width: Int(width))
        }
        return (image, Int(rows))
    }

    private static func check(
        _ status: VP8StatusCode, acceptsEnd: Bool
    ) throws(CodecError) {
        switch status {
        case VP8_STATUS_OK: return
        case VP8_STATUS_SUSPENDED, VP8_STATUS_NOT_ENOUGH_DATA:
            if !acceptsEnd { throw .cutShort }
        case VP8_STATUS_OUT_OF_MEMORY: throw .failed("no memory for a WebP")
        case VP8_STATUS_UNSUPPORTED_FEATURE: throw .notSupported("a kind of WebP")
        default: throw .damaged("its content is wrong (WebP)")
        }
    }
}
