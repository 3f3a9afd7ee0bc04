import Testing

@testable import CLIP

@Suite struct EmbeddingTests {
    @Test func hasUnitLengthWhateverTheVectorsSize() throws {
        for scale: Float in [1e-20, 1, 1e18] {
            let embedding = try #require(Embedding(normalising: [3 * scale, -4 * scale]))
            #expect(abs(embedding.values[0] - 0.6) < 1e-6)
            #expect(abs(embedding.values[1] + 0.8) < 1e-6)
        }
    }

    @Test(arguments: [[0, 0], [.nan, 1], [.infinity, 1]] as [[Float]])
    func thereIsNoneOfWhatIsNoDirection(_ vector: [Float]) {
        #expect(Embedding(normalising: vector) == nil)
    }

    @Test func theCosineIsThatOfTheAngle() throws {
        let (a, b) = (
            try #require(Embedding(normalising: [1, 0])),
            try #require(Embedding(normalising: [1, 1]))
        )
        #expect(abs(a.cosine(to: b) - Float(0.5).squareRoot()) < 1e-6)
    }
}
