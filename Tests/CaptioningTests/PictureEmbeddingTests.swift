import Testing

@testable import Captioning

@Suite struct PictureEmbeddingTests {
    @Test func keepsADirectionToAHundredthOfItsLargestNumber() throws {
        let numbers = (0..<512).map { _ in Float.random(in: -1...1) }
        let embedding = try #require(PictureEmbedding(second: 3, rounding: numbers))
        let largest = numbers.map(abs).max() ?? 0
        #expect(embedding.second == 3)
        for (number, value) in zip(numbers, embedding.values) {
            #expect(abs(Float(value) * embedding.scale - number) <= largest / 200)
        }
        // In the 256ths of a step that rounding left: two of these at most, where the rest is half a step.
        for ((number, value), fine) in zip(zip(numbers, embedding.values), embedding.fine) {
            let exact = embedding.scale * (Float(value) + Float(fine) / 256)
            #expect(abs(exact - number) <= largest / 127 / 200)
        }
    }

    @Test(arguments: [
        [], [0, 0], [1, Float.nan], [Float.infinity, 1], [Float.leastNonzeroMagnitude],
    ])
    func refusesWhatIsNoDirection(numbers: [Float]) {
        #expect(PictureEmbedding(second: nil, rounding: numbers) == nil)
    }

    @Test func theLargestNumberIsThatOfAByte() throws {
        let embedding = try #require(PictureEmbedding(second: nil, rounding: [-0.5, 0.25, 0]))
        #expect(embedding.values == [-127, 64, 0])
    }
}
