import CLibAV

/// Where red, green, blue and alpha stand within a pixel whose channels lie side by side.
///
/// Of 16-bit channels the upper byte is taken. These formats are copied exactly; swscale, which is
/// for the others, works in fixed point and may be off by one.
struct PackedLayout {
    let stride: Int
    let red: Int
    let green: Int
    let blue: Int
    let alpha: Int?

    private init(_ stride: Int, _ red: Int, _ green: Int, _ blue: Int, _ alpha: Int? = nil) {
        self.stride = stride
        self.red = red
        self.green = green
        self.blue = blue
        self.alpha = alpha
    }

    /// The layout of a pixel format; `nil` for planar ones and those that share bytes.
    static func of(_ format: AVPixelFormat) -> PackedLayout? {
        eightBit(format) ?? sixteenBit(format)
    }

    /// RGB or RGBA, 8 bits a channel.
    static func interleaved(hasAlpha: Bool) -> PackedLayout {
        hasAlpha ? PackedLayout(4, 0, 1, 2, 3) : PackedLayout(3, 0, 1, 2)
    }

    private static func eightBit(_ format: AVPixelFormat) -> PackedLayout? {
        switch format {
        case AV_PIX_FMT_RGB24: PackedLayout(3, 0, 1, 2)
        case AV_PIX_FMT_BGR24: PackedLayout(3, 2, 1, 0)
        case AV_PIX_FMT_RGBA: PackedLayout(4, 0, 1, 2, 3)
        case AV_PIX_FMT_BGRA: PackedLayout(4, 2, 1, 0, 3)
        case AV_PIX_FMT_ARGB: PackedLayout(4, 1, 2, 3, 0)
        case AV_PIX_FMT_ABGR: PackedLayout(4, 3, 2, 1, 0)
        case AV_PIX_FMT_RGB0: PackedLayout(4, 0, 1, 2)
        case AV_PIX_FMT_BGR0: PackedLayout(4, 2, 1, 0)
        case AV_PIX_FMT_0RGB: PackedLayout(4, 1, 2, 3)
        case AV_PIX_FMT_0BGR: PackedLayout(4, 3, 2, 1)
        case AV_PIX_FMT_GRAY8: PackedLayout(1, 0, 0, 0)
        case AV_PIX_FMT_YA8: PackedLayout(2, 0, 0, 0, 1)
        default: nil
        }
    }

    private static func sixteenBit(_ format: AVPixelFormat) -> PackedLayout? {
        switch format {
        case AV_PIX_FMT_GRAY16BE: PackedLayout(2, 0, 0, 0)
        case AV_PIX_FMT_GRAY16LE: PackedLayout(2, 1, 1, 1)
        case AV_PIX_FMT_YA16BE: PackedLayout(4, 0, 0, 0, 2)
        case AV_PIX_FMT_YA16LE: PackedLayout(4, 1, 1, 1, 3)
        case AV_PIX_FMT_RGB48BE: PackedLayout(6, 0, 2, 4)
        case AV_PIX_FMT_RGB48LE: PackedLayout(6, 1, 3, 5)
        case AV_PIX_FMT_RGBA64BE: PackedLayout(8, 0, 2, 4, 6)
        case AV_PIX_FMT_RGBA64LE: PackedLayout(8, 1, 3, 5, 7)
        default: nil
        }
    }

    /// Copies a row of `width` pixels to RGB, transparency laid over white.
    func convert(_ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>, width: Int)
    {
        var source = source
        var target = target
        for _ in 0..<width {
            target[0] = source[red]
            target[1] = source[green]
            target[2] = source[blue]
            if let alpha { Transparency.layOverWhite(target, alpha: source[alpha]) }
            source += stride
            target += 3
        }
    }
}

/// What is seen through a transparent picture: Vignette lays every picture over white paper.
enum Transparency {
    /// Mixes the pixel at `rgb` with white.
    static func layOverWhite(_ rgb: UnsafeMutablePointer<UInt8>, alpha: UInt8) {
        guard alpha < 255 else { return }
        let alpha = Int(alpha)
        for channel in 0..<3 {
            rgb[channel] = UInt8((Int(rgb[channel]) * alpha + 255 * (255 - alpha) + 127) / 255)
        }
    }
}
