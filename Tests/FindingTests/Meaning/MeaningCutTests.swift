import CLIP
import Testing
import VectorIndex

@testable import Finding

@Suite struct MeaningCutTests {
    private let usual = SimilarityDistribution(count: 100, mean: 0.2, deviation: 0.1)

    @Test func aPictureMustStandOutFromTheLibrary() {
        let cut = MeaningCut.distribution(deviations: 3, shareOfBest: 0.5)
        #expect(abs(cut.bound(usual, best: 0.3) - 0.5) < 1e-6)
    }

    @Test func aPictureMustNotStayFarBehindTheBest() {
        let cut = MeaningCut.distribution(deviations: 1, shareOfBest: 0.5)
        #expect(abs(cut.bound(usual, best: 1) - 0.6) < 1e-6)
    }

    @Test func ofFewPicturesLessIsAsked() {
        let few = SimilarityDistribution(count: 16, mean: 0.2, deviation: 0.1)
        let cut = MeaningCut.distribution(deviations: 3, shareOfBest: 0.5)
        #expect(abs(cut.bound(few, best: 0.3) - 0.4) < 1e-6)
    }

    @Test func aModelThatTellsHowLikelyIsTakenAtItsWordInEveryLibrary() {
        let cut = MeaningCut.usual(SimilarityCalibration(scale: 20, bias: -5))
        #expect(abs(cut.bound(usual, best: 0.3) - 0.25) < 1e-6)
        let alike = SimilarityDistribution(count: 3, mean: 0.9, deviation: 0)
        #expect(cut.bound(alike, best: 0.9) == cut.bound(usual, best: 0.3))
    }

    @Test func aModelThatOnlyComparesIsMeasuredAgainstTheLibrary() {
        #expect(MeaningCut.usual(nil) == .distribution(deviations: 3, shareOfBest: 0.5))
    }
}
