import Testing

@testable import Captioning

@Suite struct SpreadSampleTests {
    @Test(arguments: [1, 2, 3, 7], [1, 5, 8])
    func keepsEvenlySpreadElementsOfAnyNumber(stride: Int, step: Int) {
        for count in [0, 1, 7, 8, 9, 63, 64, 65, 1000, 12_345] {
            let sample = sample(of: count, stride: stride, step: step)
            #expect(sample.elements.count <= 8)
            let expected = Array(Swift.stride(from: 0, to: count, by: sample.stride))
            #expect(sample.elements == expected)
            // Not sparser than it must be.
            #expect(sample.stride == stride || expected.count > 4)
        }
    }

    /// Hands the numbers up to `count` in, `step` at a time.
    private func sample(of count: Int, stride: Int, step: Int) -> SpreadSample<Int> {
        var sample = SpreadSample<Int>(stride: stride, limit: 8)
        for start in Swift.stride(from: 0, to: count, by: step) {
            let numbers = Array(start..<min(start + step, count))
            let wanted = sample.wanted(ofNext: numbers.count).map { numbers[$0] }
            sample.pass(numbers.count, keeping: wanted)
        }
        return sample
    }
}
