import CColour
import Glibc
import TestSupport
import Testing

@testable import MediaCodecs

@Suite struct ColourShaperTests {
    /// What the loop in C computes, in double precision.
    private static func slow(_ pixel: [UInt16], _ shaper: ColourShaper) -> [Double] {
        var light = (0..<3).map { Double(shaper.curves[$0][Int(pixel[$0])]) }
        if shaper.isHybridLogGamma {
            let luminance = 0.2627 * light[0] + 0.678 * light[1] + 0.0593 * light[2]
            let gain = luminance > 0 ? 1000 / 203.0 * pow(luminance, 0.2) : 0
            light = light.map { $0 * gain }
        }
        let brightest = light.max() ?? 0
        if let tone = shaper.tone, brightest > 0 {
            let shown = ToneCurve.shown(min(brightest, tone.peak), peak: tone.peak)
            light = light.map { $0 * shown / brightest }
        }
        return (0..<3).map { row in
            let sum = (0..<3).reduce(0) { $0 + Double(shaper.matrix[row * 3 + $1]) * light[$1] }
            return ReferenceColour.encoded(sum)
        }
    }

    static let colours = [
        CodedColour(primaries: 9, transfer: 16), CodedColour(primaries: 9, transfer: 18),
        CodedColour(primaries: 12, transfer: 13), CodedColour(primaries: 1, transfer: 8),
        CodedColour(primaries: 11, transfer: 17),
        CodedColour(primaries: 9, transfer: 1, isNarrow: true),
    ]

    @Test(arguments: colours, [nil, 1.5, 5, 40])
    func computesWhatItsSlowTwinDoes(_ colour: CodedColour, peak: Double?) {
        var shaper = ColourShaper(colour)
        shaper.tone = peak.flatMap { ToneCurve(peak: $0) }
        var generator = SeededGenerator(seed: 7)
        let pixels = (0..<3000).map { _ in UInt16.random(in: 0...65_535, using: &generator) }
        var shown = [UInt8](repeating: 0, count: pixels.count)
        shaper.withShaper { vignette_shape_16($0, pixels, &shown, pixels.count / 3) }
        var worst = 0.0
        for start in stride(from: 0, to: pixels.count, by: 3) {
            let wanted = Self.slow(Array(pixels[start..<start + 3]), shaper)
            for (value, wanted) in zip(shown[start..<start + 3], wanted) {
                worst = max(worst, abs(Double(value) - wanted))
            }
        }
        #expect(worst <= 1.01)
    }

    @Test func givesTheSameFor8And16Bits() {
        let shaper = ColourShaper(CodedColour(primaries: 12, transfer: 13))
        var generator = SeededGenerator(seed: 8)
        let pixels = (0..<600).map { _ in UInt8.random(in: 0...255, using: &generator) }
        var deep = [UInt8](repeating: 0, count: pixels.count)
        let wide = pixels.map { UInt16($0) * 257 }
        shaper.withShaper { vignette_shape_16($0, wide, &deep, wide.count / 3) }
        #expect(shaper.convert(pixels) == deep)
    }

    @Test func encodesEveryLevelOfSRGBAsItself() {
        for level in 0...255 {
            let light = TransferCurve.sRGB.light(of: Double(level) / 255)
            #expect(vignette_encode_light(Float(light)) == level)
        }
        #expect(vignette_encode_light(.nan) == 0)
        #expect(vignette_encode_light(-.infinity) == 0 && vignette_encode_light(.infinity) == 255)
    }
}
