import CColour

/// How light beyond paper white is shown on a screen that ends there (ITU-R BT.2390, 5.4.1).
///
/// Up to a knee nothing changes; from there on the picture's peak comes down to white along a smooth
/// curve. A picture whose peak is white stays as it is.
struct ToneCurve: Sendable {
    /// Light up to which nothing changes; 1 is paper white.
    let knee: Double
    /// The picture's brightest light.
    let peak: Double
    private let factors: [Float]

    /// `nil` for a picture without light beyond white.
    init?(peak: Double) {
        let limit = 10_000 / TransferCurve.paperWhite
        guard peak.isFinite, peak > 1.001 else { return nil }
        let peak = min(peak, limit)
        self.peak = peak
        knee = Self.knee(peak: peak)
        let (start, count) = (knee, 1024)
        factors = (0..<count).map { index in
            let light = start + (peak - start) * Double(index) / Double(count - 1)
            return Float(Self.shown(light, peak: peak) / light)
        }
    }

    /// Light on the screen of a picture's light, where its peak is to be white.
    static func shown(_ light: Double, peak: Double) -> Double {
        let ofPeak = quantised(peak)
        let value = quantised(light) / ofPeak
        let white = quantised(1) / ofPeak
        let start = 1.5 * white - 0.5
        guard value > start else { return light }
        let part = min((value - start) / (1 - start), 1)
        let (square, cube) = (part * part, part * part * part)
        let curved =
            (2 * cube - 3 * square + 1) * start + (cube - 2 * square + part) * (1 - start)
            + (3 * square - 2 * cube) * white
        return PerceptualQuantizer.nits(of: curved * ofPeak) / TransferCurve.paperWhite
    }

    private static func knee(peak: Double) -> Double {
        let value = max(1.5 * quantised(1) - 0.5 * quantised(peak), 0)
        // Never at zero, by which light is divided.
        return max(PerceptualQuantizer.nits(of: value) / TransferCurve.paperWhite, 0.001)
    }

    private static func quantised(_ light: Double) -> Double {
        PerceptualQuantizer.value(ofNits: light * TransferCurve.paperWhite)
    }

    /// Hands out the structure that the loops work with.
    func withCurve(_ body: (UnsafePointer<vignette_tone_curve>) -> Void) {
        factors.withUnsafeBufferPointer { factors in
            let curve = vignette_tone_curve(
                knee: Float(knee), peak: Float(peak), factors: factors.baseAddress,
                count: factors.count)
            withUnsafePointer(to: curve, body)
        }
    }
}
