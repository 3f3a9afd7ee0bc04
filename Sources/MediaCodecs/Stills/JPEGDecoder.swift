import CJPEGShim
import Imaging

/// Decodes JPEG through libjpeg-turbo: any subsampling, baseline, progressive, grey, CMYK, YCCK.
///
/// At full size the pixels are libjpeg's defaults: exact integer transform, smoothed chroma.
struct JPEGDecoder {
    let limits: StillLimits
    /// Whether a picture whose data ends early will do; what is missing is grey.
    var acceptsEnd = false

    /// Decodes stored pixels to sRGB, scaled down if `minimumShortEdge` allows.
    func decode(
        _ bytes: [UInt8], colour: ColourDescription? = nil, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        guard let jpeg = vignette_jpeg_create() else { throw .failed("no memory for a JPEG") }
        defer { vignette_jpeg_destroy(jpeg) }
        var result: Result<RGBImage, CodecError> = .failure(.cutShort)
        bytes.withUnsafeBufferPointer { buffer in
            result = Result { () throws(CodecError) in
                try decode(buffer, with: jpeg, colour, minimumShortEdge: minimumShortEdge)
            }
        }
        return try result.get()
    }

    private func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, with jpeg: OpaquePointer,
        _ colour: ColourDescription?, minimumShortEdge: Int?
    ) throws(CodecError) -> RGBImage {
        var size = vignette_jpeg_size()
        guard vignette_jpeg_read_header(jpeg, bytes.baseAddress, bytes.count, &size) else {
            throw Self.error(jpeg)
        }
        try limits.check(width: Int(size.width), height: Int(size.height))
        if acceptsEnd { vignette_jpeg_accept_end(jpeg) }
        if let minimumShortEdge {
            let eighths = Self.eighths(
                shortEdge: Int(min(size.width, size.height)), minimum: minimumShortEdge)
            guard vignette_jpeg_scale(jpeg, UInt32(eighths), &size) else { throw Self.error(jpeg) }
        }
        let model: ColourModel =
            switch size.components {
            case 1: .grey
            case 4: .cmyk
            default: .rgb
            }
        guard let conversion = ColourConversion.of(colour, model) else {
            return try pixels(with: jpeg, size)
        }
        guard model == .cmyk else {
            return conversion.convert(
                try pixels(with: jpeg, size).shrunk(minimumShortEdge: minimumShortEdge))
        }
        vignette_jpeg_keep_inks(jpeg)
        return conversion.convert(try inks(with: jpeg, size))
    }

    private func pixels(
        with jpeg: OpaquePointer, _ size: vignette_jpeg_size
    ) throws(CodecError) -> RGBImage {
        RGBImage(
            width: Int(size.output_width), height: Int(size.output_height),
            pixels: try samples(with: jpeg, size, channels: 3))
    }

    /// Inks, of which 0 is none.
    private func inks(
        with jpeg: OpaquePointer, _ size: vignette_jpeg_size
    ) throws(CodecError) -> DeepPicture {
        let samples = try samples(with: jpeg, size, channels: 4)
        let width = Int(size.output_width)
        return DeepPicture(width: width, height: Int(size.output_height), model: .cmyk) { y, row in
            samples.withUnsafeBufferPointer { samples in
                guard let start = samples.baseAddress.map({ $0 + y * width * 4 }) else { return }
                for index in 0..<width * 4 { row[index] = UInt16(255 - start[index]) * 257 }
            }
        }
    }

    private func samples(
        with jpeg: OpaquePointer, _ size: vignette_jpeg_size, channels: Int
    ) throws(CodecError) -> [UInt8] {
        let count = Int(size.output_width) * Int(size.output_height) * channels
        var succeeded = false
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, filled in
            succeeded = vignette_jpeg_decode(jpeg, target.baseAddress, count)
            filled = succeeded ? count : 0
        }
        guard succeeded else { throw Self.error(jpeg) }
        return pixels
    }

    /// What there is of a picture whose end is missing.
    ///
    /// - Returns: The part of its rows, and whether anything is missing at all.
    func remainder(
        of bytes: [UInt8]
    ) throws(CodecError) -> (rows: Double, isIncomplete: Bool) {
        guard let jpeg = vignette_jpeg_create() else { throw .failed("no memory for a JPEG") }
        defer { vignette_jpeg_destroy(jpeg) }
        var result: Result<Void, CodecError> = .failure(.cutShort)
        bytes.withUnsafeBufferPointer { buffer in
            result = Result { () throws(CodecError) in
                var decoder = self
                decoder.acceptsEnd = true
                // An eighth of the size costs no more than reading the data does.
                _ = try decoder.decode(buffer, with: jpeg, nil, minimumShortEdge: 1)
            }
        }
        try result.get()
        return (vignette_jpeg_coverage(jpeg), vignette_jpeg_ends_early(jpeg))
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
