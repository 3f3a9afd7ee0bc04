import Testing

@testable import MediaCodecs

@Suite struct TransferCurveTests {
    @Test func findsPaperWhiteWhereTheStandardSaysItIs() {
        // ITU-R BT.2408, table 1: 58 % of PQ, 75 % of HLG.
        #expect(abs(TransferCurve.perceptualQuantizer.light(of: 0.5807) - 1) < 0.002)
        #expect(abs(PerceptualQuantizer.nits(of: 1) - 10_000) < 1)
        let scene = TransferCurve.hybridLogGamma.light(of: 0.75)
        #expect(abs(scene - 0.265) < 0.001)
        #expect(abs(TransferCurve.hybridLogGamma.light(of: 1) - 1) < 1e-6)
    }

    @Test func undoesItself() {
        for nits in [0.005, 1, 100, 203, 1000, 10_000] {
            let value = PerceptualQuantizer.value(ofNits: nits)
            #expect(abs(PerceptualQuantizer.nits(of: value) / nits - 1) < 1e-6)
        }
    }

    @Test func placesBlackAndWhiteOfBroadcasting() {
        let table = TransferCurve.power(1).table(isNarrow: true)
        #expect(table[16 * 257] == 0 && abs(table[235 * 257] - 1) < 1e-6 && table[65_535] == 1)
    }

    @Test(arguments: [(1, 1), (5, 5), (5, 6), (6, 6), (2, 2)])
    func televisionOfStandardRangeIsShownAsItIs(_ primaries: Int, _ transfer: Int) {
        #expect(CodedColour(primaries: primaries, transfer: transfer).isLikeSRGB)
    }
}
