import CLibAV

/// Where the channels of 16 bits stand within a pixel whose channels lie side by side.
struct DeepLayout {
    /// How many are colours; they stand first.
    let colours: Int
    /// Whether alpha follows them.
    let hasAlpha: Bool
    /// Whether the upper byte of a channel stands first.
    let isBigEndian: Bool

    /// The layout of a pixel format; `nil` for those of fewer bits, and planar ones.
    static func of(_ format: AVPixelFormat) -> DeepLayout? {
        switch format {
        case AV_PIX_FMT_GRAY16BE: DeepLayout(colours: 1, hasAlpha: false, isBigEndian: true)
        case AV_PIX_FMT_GRAY16LE: DeepLayout(colours: 1, hasAlpha: false, isBigEndian: false)
        case AV_PIX_FMT_YA16BE: DeepLayout(colours: 1, hasAlpha: true, isBigEndian: true)
        case AV_PIX_FMT_YA16LE: DeepLayout(colours: 1, hasAlpha: true, isBigEndian: false)
        case AV_PIX_FMT_RGB48BE: DeepLayout(colours: 3, hasAlpha: false, isBigEndian: true)
        case AV_PIX_FMT_RGB48LE: DeepLayout(colours: 3, hasAlpha: false, isBigEndian: false)
        case AV_PIX_FMT_RGBA64BE: DeepLayout(colours: 3, hasAlpha: true, isBigEndian: true)
        case AV_PIX_FMT_RGBA64LE: DeepLayout(colours: 3, hasAlpha: true, isBigEndian: false)
        default: nil
        }
    }

    /// Reads a row of `width` pixels, their colours laid over `paper`; `maximum` stands for
    /// the brightest, where not all bits are used.
    func read(
        _ source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt16>, width: Int,
        maximum: Int = 65_535, paper: UInt16 = .max
    ) {
        let channels = hasAlpha ? colours + 1 : colours
        func sample(_ index: Int) -> Int {
            let (first, second) = (Int(source[index * 2]), Int(source[index * 2 + 1]))
            let stored = isBigEndian ? first << 8 | second : second << 8 | first
            return maximum == 65_535
                ? stored : min((stored * 65_535 + maximum / 2) / maximum, 65_535)
        }
        for x in 0..<width {
            let alpha = hasAlpha ? sample(x * channels + colours) : 65_535
            for colour in 0..<colours {
                let own = sample(x * channels + colour) * alpha
                let sum = own + Int(paper) * (65_535 - alpha)
                target[x * colours + colour] = UInt16((sum + 32_767) / 65_535)
            }
        }
    }
}
