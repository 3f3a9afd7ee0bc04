import Testing

@testable import MediaCodecs

@Suite struct ToneCurveTests {
    @Test func leavesAPictureWithoutLightBeyondWhite() {
        #expect(ToneCurve(peak: 0.4) == nil)
        #expect(ToneCurve(peak: 1) == nil)
        #expect(ToneCurve(peak: .nan) == nil)
    }

    @Test(arguments: [1.1, 2, 4.926, 20, 49, 1e9])
    func bringsThePeakToWhiteWithoutTurningBack(_ peak: Double) throws {
        let curve = try #require(ToneCurve(peak: peak))
        let lights = (0...1000).map { Double($0) / 1000 * curve.peak }
        let shown = lights.map { ToneCurve.shown($0, peak: curve.peak) }
        #expect(zip(shown, shown.dropFirst()).allSatisfy { $0 <= $1 + 1e-9 })
        #expect(abs((shown.last ?? 0) - 1) < 1e-6)
        for (light, shown) in zip(lights, shown) where light <= curve.knee {
            #expect(abs(light - shown) < 1e-9)
        }
    }

    @Test func leavesTheDarkerHalfOfAnOrdinaryPicture() throws {
        // 1,000 nits, as most pictures are mastered.
        let curve = try #require(ToneCurve(peak: 1000 / 203))
        #expect(curve.knee > 0.4 && curve.knee < 0.5)
        #expect(ToneCurve.shown(1, peak: curve.peak) > 0.7)
    }
}
