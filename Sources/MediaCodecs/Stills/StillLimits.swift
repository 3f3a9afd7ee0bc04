import MediaDecoding

/// The limits on what a header may announce, checked before anything is decoded.
struct StillLimits {
    /// Longest edge: what JPEG can say, and what the model's processor takes.
    ///
    /// Beyond it libraries count with too few bits.
    static let maximumEdge = 65_535

    let maximumPixels: Int
    /// What is measured, for the refusal.
    var noun = "picture"

    /// Refuses more pixels than allowed, and pictures without any.
    func check(width: Int, height: Int) throws(CodecError) {
        guard width > 0, height > 0 else {
            throw .damaged("a \(noun) of \(width)×\(height) pixels")
        }
        guard max(width, height) <= Self.maximumEdge else {
            throw .rejected(
                "is a \(noun) of \(width)×\(height) pixels, above the limit of "
                    + "\(Self.maximumEdge) pixels an edge")
        }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= maximumPixels else {
            let actual = overflow ? "beyond counting" : Self.megapixels(pixels)
            throw .rejected(
                "is a \(noun) of \(width)×\(height) pixels (\(actual)), above the limit of "
                    + Self.megapixels(maximumPixels))
        }
    }

    /// Pixels in words, with a decimal where that tells apart.
    private static func megapixels(_ pixels: Int) -> String {
        let tenths = (pixels + 99_999) / 100_000
        return tenths % 10 == 0
            ? "\(tenths / 10) megapixels" : "\(tenths / 10).\(tenths % 10) megapixels"
    }
}

extension DecoderLimits {
    /// The limits on stills.
    var still: StillLimits { StillLimits(maximumPixels: maximumStillPixels) }
}
