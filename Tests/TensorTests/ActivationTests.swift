import Foundation
import Testing

@testable import Tensor

/// The functions that work number by number, over a range that holds their tails.
@Suite struct ActivationTests {
    private let numbers = stride(from: Float(-100), through: 100, by: 0.0625).map { $0 }

    @Test func geluIsExact() {
        check(.gelu) { $0 * 0.5 * erfc(-$0 / 2.0.squareRoot()) }
    }

    @Test func quickGELUIsExact() {
        check(.quickGELU) { $0 / (1 + exp(-1.702 * $0)) }
    }

    @Test func relu6CutsAtNoneAndAtSix() {
        check(.relu6) { min(max($0, 0), 6) }
    }

    @Test func siluGatesTheOtherNumber() {
        var gate = Matrix(rows: 1, columns: numbers.count, values: numbers)
        gate.gateWithSiLU(
            Matrix(
                rows: 1, columns: numbers.count,
                values: [Float](repeating: 2, count: numbers.count)))
        for (x, y) in zip(numbers, gate.values) {
            expectClose(y, 2 * Double(x) / (1 + exp(-Double(x))), at: x)
        }
    }

    private func check(_ activation: Activation, _ reference: (Double) -> Double) {
        var matrix = Matrix(rows: 1, columns: numbers.count, values: numbers)
        matrix.apply(activation)
        for (x, y) in zip(numbers, matrix.values) { expectClose(y, reference(Double(x)), at: x) }
    }

    private func expectClose(_ actual: Float, _ expected: Double, at x: Float) {
        #expect(abs(Double(actual) - expected) <= 1e-6 * max(abs(expected), 1), "at \(x)")
    }
}
