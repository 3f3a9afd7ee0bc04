import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct MatrixTests {
    @Test func copiesDoNotSeeLaterWrites() {
        let original = Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4])
        var copy = original
        copy += original
        #expect(original.values == [1, 2, 3, 4])
        #expect(copy.values == [2, 4, 6, 8])
    }

    @Test func copiesDoNotSeeLaterRows() {
        var original = Matrix(rows: 1, columns: 2, values: [1, 2])
        original.reserve(rows: 10)
        var copy = original
        original.append(Matrix(rows: 1, columns: 2, values: [3, 4]))
        copy.append(Matrix(rows: 1, columns: 2, values: [5, 6]))
        #expect(original.values == [1, 2, 3, 4])
        #expect(copy.values == [1, 2, 5, 6])
    }

    @Test func growsRowByRow() {
        var matrix = Matrix(rows: 0, columns: 3)
        for row in 0..<100 {
            matrix.append(
                Matrix(rows: 1, columns: 3, values: [Float](repeating: Float(row), count: 3)))
        }
        #expect(matrix.rows == 100)
        #expect((0..<100).allSatisfy { matrix[$0, 2] == Float($0) })
    }

    @Test func cutsAndGathers() {
        let matrix = Matrix(rows: 3, columns: 2, values: [0, 1, 10, 11, 20, 21])
        #expect(matrix.rows(1..<3).values == [10, 11, 20, 21])
        #expect(matrix.rows(1..<1).rows == 0)
        #expect(matrix.columns(1..<2).values == [1, 11, 21])
        #expect(matrix.gathering([2, 0, 2]).values == [20, 21, 0, 1, 20, 21])
        #expect(matrix.reshaped(columns: 3).rows(1..<2).values == [11, 20, 21])
        #expect(
            Matrix(stacking: [matrix.rows(2..<3), matrix.rows(0..<1)]).values == [20, 21, 0, 1])
    }

    @Test func averagesWhatItIsGiven() {
        var generator = SeededGenerator(seed: 1)
        let values = (0..<7).map { _ in Matrix.random(3, 5, using: &generator) }
        var mean = Matrix(rows: 3, columns: 5)
        for (index, value) in values.enumerated() {
            mean.average(in: value, share: 1 / Float(index + 1))
        }
        let expected = (0..<15).map { place in
            values.reduce(0) { $0 + Double($1.values[place]) } / 7
        }
        #expect(mean.distance(to: expected) < 1e-6)
    }

    @Test func findsTheLargestAndItsLead() throws {
        let matrix = Matrix(rows: 2, columns: 4, values: [1, 5, 5, 2, -1, -4, -2, -3])
        let tied = try #require(matrix.largest(inRow: 0))
        #expect(tied == (1, 5, 0))
        let led = try #require(matrix.largest(inRow: 1))
        #expect(led == (0, -1, 1))
    }

    @Test func softmaxOfAColumnIsItsShareOfTheRow() {
        let matrix = Matrix(rows: 2, columns: 3, values: [9, 9, 9, 1, 2, 4])
        let total = exp(1.0) + exp(2.0) + exp(4.0)
        #expect(abs(Double(matrix.softmax(ofColumn: 2, inRow: 1)) - exp(4.0) / total) < 1e-6)
        #expect(abs(matrix.softmax(ofColumn: 0, inRow: 0) - 1 / 3) < 1e-6)
        #expect(matrix.values == [9, 9, 9, 1, 2, 4])
    }

    @Test func findsNoLargestAmongWhatIsNoNumber() {
        let matrix = Matrix(rows: 1, columns: 3, values: [1, .nan, 2])
        #expect(matrix.largest(inRow: 0) == nil)
        #expect(Matrix(rows: 1, columns: 0).largest(inRow: 0) == nil)
    }

    @Test func cutsPatchesInTheOrderOfAConvolution() {
        // Two planes of 5 × 5; a patch of 2 leaves the last row and column out.
        let planes = (0..<50).map(Float.init)
        let patches = Matrix.patches(of: planes, channels: 2, size: 5, patch: 2)
        #expect(patches.rows == 4)
        #expect(patches.rows(1..<2).values == [2, 3, 7, 8, 27, 28, 32, 33])
        #expect(patches.rows(2..<3).values == [10, 11, 15, 16, 35, 36, 40, 41])
    }

    @Test func theLargestRowHasEachColumnsLargestNumber() {
        let matrix = Matrix(rows: 3, columns: 2, values: [1, -5, 4, -2, 0, -9])
        #expect(matrix.largestRow.rows == 1)
        #expect(matrix.largestRow.values == [4, -2])
        #expect(Matrix(rows: 1, columns: 2, values: [7, 8]).largestRow.values == [7, 8])
    }
}
