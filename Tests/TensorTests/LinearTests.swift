import TestSupport
import Testing

@testable import Tensor

@Suite struct LinearTests {
    private static let shapes = [
        (1, 1, 1), (1, 7, 3), (1, 130, 65), (2, 3, 5), (3, 16, 16), (5, 33, 17), (17, 129, 31),
        (64, 63, 65), (4, 1, 9),
    ]

    @Test(arguments: shapes, [ElementType.float32, .float16, .bfloat16])
    func matchesItsSlowTwin(_ shape: (rows: Int, inputs: Int, outputs: Int), _ type: ElementType)
        throws
    {
        var generator = SeededGenerator(seed: UInt64(shape.rows * 1000 + shape.inputs))
        let folder = try TemporaryDirectory()
        let x = Matrix.random(shape.rows, shape.inputs, using: &generator)
        let weight = try Weights.stored(
            Matrix.random(shape.outputs, shape.inputs, using: &generator).values,
            shape: [shape.outputs, shape.inputs], as: type, in: folder)
        let bias = try Weights.stored(
            Matrix.random(1, shape.outputs, using: &generator).values, shape: [shape.outputs],
            as: type, in: folder)
        let y = Linear(weight: weight, bias: bias)(x)
        let expected = slowProduct(x, weight.floats, bias.floats)
        #expect(
            y.distance(to: expected) < roundingBound(depth: shape.inputs, magnitude: x.norm))
    }

    /// What is converted for every product gives what is converted once.
    @Test(arguments: shapes + [(3, 40, 200), (1, 300, 150)], [ElementType.float16, .bfloat16])
    func storedNumbersAreMultipliedAsConvertedOnes(
        _ shape: (rows: Int, inputs: Int, outputs: Int), _ type: ElementType
    ) throws {
        var generator = SeededGenerator(seed: UInt64(shape.rows * 1000 + shape.inputs))
        let folder = try TemporaryDirectory()
        let x = Matrix.random(shape.rows, shape.inputs, using: &generator)
        let weight = try Weights.stored(
            Matrix.random(shape.outputs, shape.inputs, using: &generator).values,
            shape: [shape.outputs, shape.inputs], as: type, in: folder, offset: 1)
        var y = Matrix(
            rows: shape.rows, columns: shape.outputs,
            values: [Float](repeating: 1, count: shape.rows * shape.outputs))
        DenseWeights(weight, mostConverted: 0).multiply(PreparedRows(x), into: &y, adds: true)
        let ones = [Float](repeating: 1, count: shape.outputs)
        #expect(
            y.distance(to: slowProduct(x, weight.floats, ones))
                < roundingBound(depth: shape.inputs, magnitude: x.norm))
    }

    @Test(arguments: [0, 1, 2, 3, 4, 64])
    func takesWeightsFromAnyPlaceInAFile(offset: Int) throws {
        var generator = SeededGenerator(seed: 5)
        let folder = try TemporaryDirectory()
        let values = Matrix.random(9, 11, using: &generator)
        let weight = try Weights.stored(
            values.values, shape: [9, 11], as: .float32, in: folder, offset: offset)
        let x = Matrix.random(3, 11, using: &generator)
        #expect(
            Linear(weight: weight)(x).distance(
                to: slowProduct(x, values.values, [Float](repeating: 0, count: 9))) < 1e-5)
    }

    @Test func takesAConvolutionsWeightAsOneMatrix() throws {
        let folder = try TemporaryDirectory()
        let weight = try Weights.stored(
            (0..<12).map(Float.init), shape: [2, 3, 2, 1], as: .float32, in: folder)
        let linear = Linear(weight: weight)
        #expect(linear.inputs == 6)
        #expect(linear(Matrix(rows: 1, columns: 6, values: [1, 0, 0, 0, 0, 1])).values == [5, 17])
    }

    @Test func usesAStretchOfAPackedWeight() throws {
        let folder = try TemporaryDirectory()
        let packed = try Weights.stored(
            [1, 2, 3, 4, 5, 6], shape: [3, 2], as: .bfloat16, in: folder, offset: 1)
        let linear = Linear(weight: packed.rows(1..<3))
        #expect(linear(Matrix(rows: 1, columns: 2, values: [1, 10])).values == [43, 65])
    }

    @Test func gathersNoRowsFromNoRows() throws {
        let folder = try TemporaryDirectory()
        let weight = try Weights.stored([1, 2], shape: [1, 2], as: .float32, in: folder)
        #expect(Linear(weight: weight)(Matrix(rows: 0, columns: 2)).rows == 0)
    }
}
