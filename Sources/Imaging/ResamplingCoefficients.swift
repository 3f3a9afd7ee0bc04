/// The weights of one axis of a resampling: which source pixels make up each target pixel.
///
/// The arithmetic of Pillow's `ImagingResample` for 8-bit channels, because that is what the
/// model's pictures were prepared with: double precision weights, normalised, then rounded to
/// 22 bits after the point.
struct ResamplingCoefficients {
    /// The first source pixel of each target pixel.
    let starts: [Int32]
    /// How many source pixels a target pixel has.
    let counts: [Int32]
    /// `taps` numbers a target pixel, those beyond its count 0.
    let fixedPoint: [Int32]
    /// Room for a target pixel's weights.
    let taps: Int

    private static let fractionBits = 22

    /// Works out an axis.
    ///
    /// - Parameters:
    ///   - source: Length of the source.
    ///   - target: Length that the whole source becomes.
    ///   - window: The part of the target that is wanted.
    init(source: Int, target: Int, window: Range<Int>) {
        let scale = Double(source) / Double(target)
        let filterScale = max(scale, 1)
        let support = Bicubic.support * filterScale
        taps = min(Int(support.rounded(.up)) * 2 + 1, source)
        var starts: [Int32] = []
        var counts: [Int32] = []
        var fixedPoint = [Int32](repeating: 0, count: window.count * taps)
        for (index, position) in window.enumerated() {
            let centre = (Double(position) + 0.5) * scale
            let first = max(Int(centre - support + 0.5), 0)
            let end = min(Int(centre + support + 0.5), source)
            let weights = (first..<end).map {
                Bicubic.weight((Double($0) - centre + 0.5) / filterScale)
            }
            let sum = weights.reduce(0, +)
            for (tap, weight) in weights.enumerated() {
                fixedPoint[index * taps + tap] = Self.rounded(sum == 0 ? weight : weight / sum)
            }
            starts.append(Int32(first))
            counts.append(Int32(end - first))
        }
        self.starts = starts
        self.counts = counts
        self.fixedPoint = fixedPoint
    }

    /// The source pixels that the window needs.
    var sourceRange: Range<Int> {
        let first = starts.min() ?? 0
        let end = zip(starts, counts).map { $0 + $1 }.max() ?? 0
        return Int(first)..<Int(end)
    }

    /// The first source pixels, counted from the beginning of `sourceRange`.
    var startsInSourceRange: [Int32] {
        let first = Int32(sourceRange.lowerBound)
        return starts.map { $0 - first }
    }

    private static func rounded(_ weight: Double) -> Int32 {
        let scaled = weight * Double(1 << fractionBits)
        return Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }
}

/// Keys' cubic convolution kernel with a = −0.5 (Catmull–Rom).
private enum Bicubic {
    static let support = 2.0
    private static let a = -0.5

    static func weight(_ distance: Double) -> Double {
        let x = abs(distance)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
        return 0
    }
}
