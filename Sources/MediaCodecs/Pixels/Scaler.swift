import CLibAV
import Imaging

/// swscale: from any pixel format and size to 8-bit RGB of another size.
///
/// Keeps its tables while the pictures stay alike, as a clip's frames do.
final class Scaler {
    /// A picture in the layout of libav: up to four planes.
    struct Source {
        var planes: [UnsafePointer<UInt8>?]
        var strides: [Int32]
        var width: Int32
        var height: Int32
        var format: AVPixelFormat
        var matrix = AVCOL_SPC_UNSPECIFIED
        var hasFullRange = false
    }

    private var context: OpaquePointer?

    deinit {
        sws_freeContext(context)
    }

    /// The frame as RGB of the given size, its colours as its own matrix and range say.
    func convert(
        _ frame: UnsafePointer<AVFrame>, width: Int, height: Int
    ) throws(CodecError) -> RGBImage {
        let pixels = try run(Source(frame.pointee), width, height, to: AV_PIX_FMT_RGB24, bytes: 3)
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    /// The frame as RGB of the given size, 16 bits a channel, the lower byte first.
    func deep(
        _ frame: UnsafePointer<AVFrame>, width: Int, height: Int
    ) throws(CodecError) -> [UInt8] {
        try run(Source(frame.pointee), width, height, to: AV_PIX_FMT_RGB48LE, bytes: 6)
    }

    /// The frame as RGBA of its own size.
    func rgba(_ frame: UnsafePointer<AVFrame>) throws(CodecError) -> [UInt8] {
        let source = Source(frame.pointee)
        return try run(
            source, Int(source.width), Int(source.height), to: AV_PIX_FMT_RGBA, bytes: 4)
    }

    /// A smaller picture.
    func shrink(_ image: RGBImage, width: Int, height: Int) throws(CodecError) -> RGBImage {
        var result: Result<[UInt8], CodecError> = .success([])
        image.pixels.withUnsafeBufferPointer { pixels in
            let source = Source(
                planes: [pixels.baseAddress, nil, nil, nil],
                strides: [Int32(image.width * 3), 0, 0, 0], width: Int32(image.width),
                height: Int32(image.height), format: AV_PIX_FMT_RGB24)
            result = Result { () throws(CodecError) in
                try run(source, width, height, to: AV_PIX_FMT_RGB24, bytes: 3)
            }
        }
        return RGBImage(width: width, height: height, pixels: try result.get())
    }

    private func run(
        _ source: Source, _ width: Int, _ height: Int, to format: AVPixelFormat, bytes: Int
    ) throws(CodecError) -> [UInt8] {
        context = sws_getCachedContext(
            context, source.width, source.height, source.format, Int32(width), Int32(height),
            format, vignette_scaling, nil, nil, nil)
        guard let context else {
            throw .rejected(
                "has pixels that cannot be converted to RGB (format \(source.format.rawValue))")
        }
        source.describeColours(to: context)
        // Vector code may write past the end of a row, so rows get room, and are packed afterwards.
        let stride = (width * bytes + 127) & ~63
        var padded = [UInt8](repeating: 0, count: stride * height + 64)
        let rows = padded.withUnsafeMutableBufferPointer { target in
            sws_scale(
                context, source.planes, source.strides, 0, source.height,
                [target.baseAddress, nil, nil, nil], [Int32(stride), 0, 0, 0])
        }
        guard rows == Int32(height) else { throw .failed("the picture could not be converted") }
        return Self.pack(padded, stride: stride, row: width * bytes, height: height)
    }

    private static func pack(_ padded: [UInt8], stride: Int, row: Int, height: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: row * height) { target, filled in
            padded.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                for y in 0..<height {
                    (to + y * row).initialize(from: from + y * stride, count: row)
                }
            }
            filled = row * height
        }
    }
}

extension Scaler.Source {
    /// Describes a decoded frame.
    init(_ frame: AVFrame) {
        let (data, strides) = (frame.data, frame.linesize)
        self.init(
            planes: [data.0, data.1, data.2, data.3].map { $0.map { UnsafePointer($0) } },
            strides: [strides.0, strides.1, strides.2, strides.3], width: frame.width,
            height: frame.height, format: AVPixelFormat(frame.format), matrix: frame.colorspace,
            hasFullRange: frame.color_range == AVCOL_RANGE_JPEG)
        switch format {
        case AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P,
            AV_PIX_FMT_YUVJ411P:
            hasFullRange = true
        default: break
        }
    }

    /// Tells swscale the matrix and the range; HD without a matrix is BT.709, as players assume.
    fileprivate func describeColours(to context: OpaquePointer) {
        let isKnown = matrix != AVCOL_SPC_UNSPECIFIED && matrix != AVCOL_SPC_RGB
        let standard = height >= 720 ? vignette_matrix_hd : vignette_matrix_sd
        let table = sws_getCoefficients(isKnown ? Int32(matrix.rawValue) : standard)
        sws_setColorspaceDetails(
            context, table, hasFullRange ? 1 : 0, table, 1, 0, 1 << 16, 1 << 16)
    }
}
