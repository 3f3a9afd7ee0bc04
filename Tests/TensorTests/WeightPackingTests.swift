import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct WeightPackingTests {
    @Test(arguments: [(1, 1), (16, 32), (17, 33), (5, 256), (33, 700)])
    func eightBitsAreOffByHalfAStep(_ size: (rows: Int, inputs: Int)) {
        var generator = SeededGenerator(seed: 1)
        let weights = Matrix.random(size.rows, size.inputs, using: &generator)
        let unpacked = weights.packed(as: .q8).unpacked
        for row in 0..<size.rows {
            for start in stride(from: 0, to: size.inputs, by: 256) {
                let block =
                    row * size.inputs + start..<row * size.inputs + min(start + 256, size.inputs)
                let top = weights.values[block].map(abs).max() ?? 0
                // The scale is a bfloat16, up to 1/128 above what the block needs.
                let bound = top / 127 / 2 * (1 + 1 / 128) * 1.001
                for place in block {
                    #expect(abs(weights.values[place] - unpacked[place]) <= bound)
                }
            }
        }
    }

    /// The second plane is off by half a step of what the first leaves over, which is half a step.
    @Test(arguments: [(1, 1), (17, 33), (5, 256), (33, 700)])
    func sixteenBitsAreOffByHalfAStepOfAHalf(_ size: (rows: Int, inputs: Int)) {
        var generator = SeededGenerator(seed: 4)
        let weights = Matrix.random(size.rows, size.inputs, using: &generator)
        let top = weights.values.map(abs).max() ?? 0
        for (number, packed) in zip(weights.values, weights.packed(as: .q16).unpacked) {
            #expect(abs(number - packed) <= top / 254 / 254 * 1.02)
        }
    }

    /// Normally distributed weights lose less than rounding to 16 even steps over their range would.
    @Test func fourBitsKeepNormalWeights() {
        var generator = SeededGenerator(seed: 2)
        let weights = Matrix.normal(64, 512, deviation: 0.02, using: &generator)
        let unpacked = weights.packed(as: .q4).unpacked
        let error = zip(weights.values, unpacked).reduce(0) {
            $0 + pow(Double($1.0 - $1.1), 2)
        }.squareRoot()
        #expect(error / weights.norm < 0.08)
    }

    @Test(arguments: PackedFormat.allCases)
    func keepsZerosAndSigns(format: PackedFormat) {
        let row: [Float] = (0..<64).map { $0 % 3 == 0 ? 0 : $0 % 3 == 1 ? 0.5 : -0.5 }
        let unpacked = Matrix(rows: 1, columns: 64, values: row).packed(as: format).unpacked
        for (number, packed) in zip(row, unpacked) {
            #expect(number == 0 ? packed == 0 : packed.sign == number.sign)
            // Half of the widest step, a fifteenth of the range.
            #expect(abs(number - packed) <= 0.5 / 15 * (1 + 1 / 64))
        }
    }

    /// Numbers of one sign, far from zero, need levels that reach from zero to them.
    @Test(arguments: PackedFormat.allCases, [Float(1), -1])
    func keepsNumbersOfOneSign(format: PackedFormat, sign: Float) {
        let row = (0..<64).map { sign * (1 + Float($0 % 7) / 50) }
        let unpacked = Matrix(rows: 1, columns: 64, values: row).packed(as: format).unpacked
        for (number, packed) in zip(row, unpacked) { #expect(abs(number - packed) < 0.06) }
    }

    @Test(arguments: PackedFormat.allCases, [Float.nan, .infinity])
    func showsWhatIsNoNumber(format: PackedFormat, strange: Float) {
        var row = [Float](repeating: 1, count: 512)
        row[300] = strange
        let unpacked = Matrix(rows: 1, columns: 512, values: row).packed(as: format).unpacked
        #expect(unpacked[..<256].allSatisfy { $0.isFinite })
        #expect(unpacked[256...].allSatisfy { !$0.isFinite })
    }

    @Test(arguments: PackedFormat.allCases)
    func aPanelDependsOnItsOwnRows(format: PackedFormat) {
        var generator = SeededGenerator(seed: 3)
        let weights = Matrix.random(40, 96, using: &generator)
        let whole = weights.packed(as: format).bytes
        let parts = [0..<16, 16..<32, 32..<40].flatMap {
            weights.rows($0).packed(as: format).bytes
        }
        #expect(whole == parts)
    }

    @Test func takesAsManyBitsAsItSays() {
        let q4 = PackedShape(format: .q4, outputs: 4096, inputs: 4096)
        #expect(Double(q4.byteCount) * 8 / (4096 * 4096) == 4.3125)
        let q8 = PackedShape(format: .q8, outputs: 4096, inputs: 4096)
        #expect(Double(q8.byteCount) * 8 / (4096 * 4096) == 8.0625)
        let q16 = PackedShape(format: .q16, outputs: 4096, inputs: 4096)
        #expect(q16.byteCount == 2 * q8.byteCount)
    }
}
