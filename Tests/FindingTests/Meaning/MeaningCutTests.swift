import Testing
import VectorIndex

@testable import Finding

@Suite struct MeaningCutTests {
    private let usual = SimilarityDistribution(count: 100, mean: 0.2, deviation: 0.1)

    @Test func aPictureMustStandOutFromTheLibrary() {
        let cut = MeaningCut(deviations: 3, shareOfBest: 0.5)
        #expect(abs(cut.bound(usual, best: 0.3) - 0.5) < 1e-6)
    }

    @Test func aPictureMustNotStayFarBehindTheBest() {
        let cut = MeaningCut(deviations: 1, shareOfBest: 0.5)
        #expect(abs(cut.bound(usual, best: 1) - 0.6) < 1e-6)
    }

    @Test func ofFewPicturesLessIsAsked() {
        let few = SimilarityDistribution(count: 16, mean: 0.2, deviation: 0.1)
        let cut = MeaningCut(deviations: 3, shareOfBest: 0.5)
        #expect(abs(cut.bound(few, best: 0.3) - 0.4) < 1e-6)
    }
}
