import TestSupport
import Testing

@testable import Likeness

struct PlaneTests {
    private let edge = 8

    private func plane(_ value: (Float, Float) -> Float) -> Plane {
        let values = (0..<edge * edge).map { value(Float($0 % edge), Float($0 / edge)) }
        return Plane(edge: edge, values: values)
    }

    @Test func aSlopeIsReadExactly() {
        let samples = plane { 3 * $0 - 2 * $1 + 5 }.samples(at: [2.25, 4.5])
        let expected: [Float] = [2.75, 3, -2]
        for (sample, wanted) in zip(samples, expected) { #expect(abs(sample - wanted) < 1e-4) }
    }

    @Test func theMiddleOfACellIsItsValue() {
        var generator = SeededGenerator(seed: 1)
        let plane = plane { _, _ in Float.random(in: 0...255, using: &generator) }
        for (x, y) in [(0, 0), (3, 5), (7, 7)] {
            let value = plane.values[y * edge + x]
            let sample = plane.samples(at: [Float(x), Float(y)])[0]
            let linear = plane.linear(Float(x), Float(y))
            #expect(sample == value)
            #expect(linear == value)
        }
    }

    @Test func beyondTheBorderItGoesOn() {
        let samples = plane { x, _ in x }.samples(at: [-50, 3, 1e30, -1e30])
        #expect(samples[0] == 0)
        #expect(samples[3] == 7)
    }

    @Test func halvingKeepsTheMean() {
        let whole = plane { $0 * $1 }
        let half = whole.halved()
        #expect(half.edge == 4)
        let (sum, halfSum) = (whole.values.reduce(0, +), half.values.reduce(0, +))
        #expect(sum == 4 * halfSum)
    }
}
