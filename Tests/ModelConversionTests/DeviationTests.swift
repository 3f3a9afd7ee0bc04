import Tensor
import TestSupport
import Testing

@testable import ModelConversion

@Suite struct DeviationTests {
    @Test func measuresAgainstTheLargestOfItsBlock() {
        // Two blocks a row: 256 numbers up to 2, and two up to 0.5.
        var original = [Float](repeating: 1, count: 258)
        original[7] = -2
        original[256] = 0.5
        original[257] = 0.25
        var restored = original
        restored[0] += 0.5
        restored[257] += 0.25
        let deviation = Deviation(of: restored, from: original, inputs: 258)
        #expect(deviation.largest == 0.5)
        #expect(deviation.largestOfBlocks == (0.0625 / 2 as Float).squareRoot() / 0.5)
        #expect(deviation.squaredErrors == 0.3125)
        #expect(deviation.isFinite)
    }

    @Test func ofNothingIsNothing() {
        let zeros = [Float](repeating: 0, count: 512)
        let deviation = Deviation(of: zeros, from: zeros, inputs: 256)
        #expect(deviation == Deviation())
        #expect(deviation.relative == 0)
    }

    @Test func ofZerosThatBecameSomethingIsInfinite() {
        let deviation = Deviation(of: [0, 1], from: [0, 0], inputs: 2)
        #expect(deviation.largest == .infinity && deviation.largestOfBlocks == .infinity)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func noticesWhatIsNoNumber(_ number: Float) {
        #expect(!Deviation(of: [1, 2], from: [1, number], inputs: 2).isFinite)
        #expect(!Deviation(of: [1, number], from: [1, 2], inputs: 2).isFinite)
        #expect(!Deviation(of: [number, 1], from: [number, 1], inputs: 2).isFinite)
    }

    @Test func mergesWhatPartsDeviateBy() {
        let original: [Float] = [1, -3, 2, 5]
        let restored: [Float] = [1.5, -3, 2, 4]
        var merged = Deviation(of: Array(restored[..<2]), from: Array(original[..<2]), inputs: 2)
        merged.merge(Deviation(of: Array(restored[2...]), from: Array(original[2...]), inputs: 2))
        #expect(merged == Deviation(of: restored, from: original, inputs: 2))
    }

    /// Numbers of the kinds that weights are, and of kinds that they are not.
    @Test(arguments: PackedFormat.allCases) func staysWithinTheFormatsBound(
        _ format: PackedFormat
    ) {
        var random = SeededGenerator(seed: 5)
        for spread in [Float(0), 1, 4, 12] {
            let inputs = Int.random(in: 1...600, using: &random)
            let numbers = (0..<16 * inputs).map { _ in
                let sign: Float = Bool.random(using: &random) ? 1 : -1
                let exponent = Int(-spread * Float.random(in: 0...1, using: &random))
                return Float(
                    sign: .plus, exponent: exponent,
                    significand: sign * Float.random(in: 0...1, using: &random))
            }
            let shape = PackedShape(format: format, outputs: 16, inputs: inputs)
            var bytes = [UInt8](repeating: 0, count: shape.byteCount)
            let restored = bytes.withUnsafeMutableBytes { bytes in
                numbers.withUnsafeBufferPointer {
                    WeightPacking.pack(
                        rows: $0, rowCount: 16, inputs: inputs, format: format, into: bytes)
                }
                return WeightPacking.unpack(
                    panels: UnsafeRawBufferPointer(bytes), rowCount: 16, inputs: inputs,
                    format: format)
            }
            let deviation = Deviation(of: restored, from: numbers, inputs: inputs)
            #expect(deviation.largestOfBlocks <= format.errorBound)
            #expect(deviation.largestOfBlocks > 0)
        }
    }
}
