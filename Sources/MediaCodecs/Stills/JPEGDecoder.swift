import CJPEGShim
import Imaging

/// Decodes JPEG through libjpeg-turbo: any subsampling, baseline, progressive, grey, CMYK, YCCK.
///
/// At full size the pixels are libjpeg's defaults: exact integer transform, smoothed chroma.
struct JPEGDecoder {
    let limits: StillLimits

    /// Decodes stored pixels, scaled down if `minimumShortEdge` allows.
    func decode(_ bytes: [UInt8], minimumShortEdge: Int?) throws(CodecError) -> RGBImage {
        guard let jpeg = vignette_jpeg_create() else { throw .failed("no memory for a JPEG") }
        defer { vignette_jpeg_destroy(jpeg) }
        var result: Result<RGBImage, CodecError> = .failure(.cutShort)
        bytes.withUnsafeBufferPointer { buffer in
            result = Result { () throws(CodecError) in
                try decode(buffer, with: jpeg, minimumShortEdge: minimumShortEdge)
            }
        }
        return try result.get()
    }

    private func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, with jpeg: OpaquePointer, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        var size = vignette_jpeg_size()
        guard vignette_jpeg_read_header(jpeg, bytes.baseAddress, bytes.count, &size) else {
            throw Self.error(jpeg)
        }
        try limits.check(width: Int(size.width), height: Int(size.height))
        if let minimumShortEdge {
            let eighths = Self.eighths(
                shortEdge: Int(min(size.width, size.height)), minimum: minimumShortEdge)
            guard vignette_jpeg_scale(jpeg, UInt32(eighths), &size) else { throw Self.error(jpeg) }
        }
        let count = Int(size.output_width) * Int(size.output_height) * 3
        var succeeded = false
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            succeeded = vignette_jpeg_decode(jpeg, target.baseAddress, count)
            filled = succeeded ? count : 0
        }
        guard succeeded else { throw Self.error(jpeg) }
        return RGBImage(
            width: Int(size.output_width), height: Int(size.output_height), pixels: pixels)
    }

    /// The smallest M in 1…8 for which `shortEdge` × M/8, rounded up as libjpeg does, is enough.
    static func eighths(shortEdge: Int, minimum: Int) -> Int {
        (1...7).first { (shortEdge * $0 + 7) / 8 >= minimum } ?? 8
    }

    private static func error(_ jpeg: OpaquePointer) -> CodecError {
        let message = String(cString: vignette_jpeg_message(jpeg))
        return vignette_jpeg_out_of_memory(jpeg)
            ? .failed("no memory for the JPEG: \(message)") : .damaged("\(message) (JPEG)")
    }
}
