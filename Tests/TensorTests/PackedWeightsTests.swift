import TestSupport
import Testing

@testable import Tensor

@Suite struct PackedWeightsTests {
    private static let sizes = [
        (1, 1, 1), (1, 300, 16), (2, 31, 5), (7, 64, 17), (8, 512, 40), (9, 255, 48), (40, 96, 130),
        (3, 1024, 2000), (261, 290, 20),
    ]

    /// A row's values are off by half a step each, a step being 1/127 of its block's largest; at 16
    /// bits, where the product of what both leave over is neglected, by a 30,000th of it.
    @Test(arguments: sizes, PackedFormat.allCases)
    func matchesTheProductOfWhatItStandsFor(
        _ size: (rows: Int, inputs: Int, outputs: Int), format: PackedFormat
    ) throws {
        var generator = SeededGenerator(seed: UInt64(size.inputs))
        let x = Matrix.random(size.rows, size.inputs, using: &generator)
        let weights = Matrix.random(size.outputs, size.inputs, using: &generator)
        let unpacked = weights.packed(as: format).unpacked
        let y = try Linear(packing: weights, as: format)(x)
        let exact = slowProduct(x, unpacked, [Float](repeating: 0, count: size.outputs))
        let top = Double(x.values.map(abs).max() ?? 0)
        for row in 0..<size.rows {
            for output in 0..<size.outputs {
                let weight = unpacked[output * size.inputs..<(output + 1) * size.inputs]
                let steps = format == .q16 ? 15_000.0 : 253
                let bound = weight.reduce(0) { $0 + Double(abs($1)) } * top / steps + 1e-5
                let place = row * size.outputs + output
                #expect(abs(Double(y.values[place]) - exact[place]) <= bound)
            }
        }
    }

    @Test func addsItsBias() throws {
        let folder = try TemporaryDirectory()
        let bias = try Weights.stored([1, 2, 3], shape: [3], as: .float32, in: folder)
        let linear = try Linear(
            packing: Matrix(rows: 3, columns: 4), as: .q8, bias: bias)
        #expect(linear(Matrix(rows: 2, columns: 4)).values == [1, 2, 3, 1, 2, 3])
    }

    @Test func severalLayersOfTheSameRowsAreWhatEachAloneIs() throws {
        var generator = SeededGenerator(seed: 8)
        let x = Matrix.random(5, 70, using: &generator)
        let layers = try [3, 20, 64].map {
            try Linear(packing: Matrix.random($0, 70, using: &generator), as: .q4)
        }
        let together = Linear.all(layers, of: x)
        for (layer, result) in zip(layers, together) {
            #expect(layer(x).values == result.values)
        }
    }

    @Test func countsItsOperations() throws {
        let linear = try Linear(packing: Matrix(rows: 24, columns: 40), as: .q4)
        let before = OperationCount.total
        _ = linear(Matrix(rows: 3, columns: 40))
        #expect(OperationCount.total - before >= 2 * 3 * 24 * 40)
    }
}
