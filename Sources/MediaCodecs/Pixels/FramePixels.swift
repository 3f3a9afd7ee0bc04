import CLibAV
import Imaging

/// Turns a decoded still of libav into RGB at its own size.
enum FramePixels {
    /// Converts exactly where the format allows, through swscale otherwise; alpha goes over white.
    static func image(of frame: UnsafeMutablePointer<AVFrame>) throws(CodecError) -> RGBImage {
        let format = AVPixelFormat(frame.pointee.format)
        if format == AV_PIX_FMT_PAL8 { return palette(frame.pointee) }
        if let layout = PackedLayout.of(format) { return packed(frame.pointee, layout) }
        let hasAlpha = (av_pix_fmt_desc_get(format)?.pointee.flags ?? 0) & 1 << 7 != 0
        let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
        guard hasAlpha else {
            return try Scaler().convert(frame, width: width, height: height)
        }
        let rgba = try Scaler().rgba(frame)
        return RGBImage(width: width, height: height) { y, target in
            rgba.withUnsafeBufferPointer { source in
                guard let row = source.baseAddress.map({ $0 + y * width * 4 }) else { return }
                PackedLayout.interleaved(hasAlpha: true).convert(row, to: target, width: width)
            }
        }
    }

    /// What its channels are; alpha is none of them.
    static func model(of frame: UnsafeMutablePointer<AVFrame>) -> ColourModel {
        switch AVPixelFormat(frame.pointee.format) {
        case AV_PIX_FMT_GRAY8, AV_PIX_FMT_YA8, AV_PIX_FMT_GRAY16BE, AV_PIX_FMT_GRAY16LE,
            AV_PIX_FMT_YA16BE, AV_PIX_FMT_YA16LE, AV_PIX_FMT_MONOBLACK, AV_PIX_FMT_MONOWHITE:
            .grey
        default: .rgb
        }
    }

    /// A frame of 16 bits a channel, transparency laid over `paper`; `nil` for others.
    ///
    /// The frame must stay as long as the picture.
    static func deep(
        of frame: UnsafeMutablePointer<AVFrame>, paper: UInt16
    ) -> DeepPicture? {
        guard let layout = DeepLayout.of(AVPixelFormat(frame.pointee.format)),
            let data = frame.pointee.data.0
        else { return nil }
        let stride = Int(frame.pointee.linesize.0)
        let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
        return DeepPicture(width: width, height: height, model: model(of: frame)) { y, target in
            layout.read(data + y * stride, to: target, width: width, paper: paper)
        }
    }

    private static func packed(_ frame: AVFrame, _ layout: PackedLayout) -> RGBImage {
        let width = Int(frame.width)
        return RGBImage(width: width, height: Int(frame.height)) { y, target in
            guard let data = frame.data.0 else { return }
            layout.convert(data + y * Int(frame.linesize.0), to: target, width: width)
        }
    }

    /// Indices into 256 colours, each a 32-bit ARGB in the machine's order.
    private static func palette(_ frame: AVFrame) -> RGBImage {
        let width = Int(frame.width)
        return RGBImage(width: width, height: Int(frame.height)) { y, target in
            guard let data = frame.data.0, let colours = frame.data.1 else { return }
            let row = data + y * Int(frame.linesize.0)
            for x in 0..<width {
                let colour = UnsafeRawPointer(colours).load(
                    fromByteOffset: Int(row[x]) * 4, as: UInt32.self)
                let pixel = target + x * 3
                pixel[0] = UInt8(truncatingIfNeeded: colour >> 16)
                pixel[1] = UInt8(truncatingIfNeeded: colour >> 8)
                pixel[2] = UInt8(truncatingIfNeeded: colour)
                Transparency.layOverWhite(pixel, alpha: UInt8(colour >> 24))
            }
        }
    }
}
