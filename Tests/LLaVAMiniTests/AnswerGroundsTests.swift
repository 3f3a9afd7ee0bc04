import Testing

@testable import LLaVAMini

@Suite struct AnswerGroundsTests {
    /// Two heads of three tokens, the first of which stands before the pictures; given as [head][token].
    private func look(_ first: [Float], _ second: [Float] = [0.5, 0.5, 0.5]) -> FirstLook {
        FirstLook(parts: first + second)
    }

    private func shares(_ paid: [Float], _ looks: [FirstLook]) -> [Float] {
        let weights = AnswerGrounds.weights(paid: paid, looks: looks)
        let all = weights.reduce(0, +)
        return weights.map { $0 / all }
    }

    @Test func thePictureCountsThatAWordHasFoundSomethingIn() {
        let looks = [look([0, 0.3, 0.4]), look([0, 0.9, 0.4]), look([0, 0.3, 0.4])]
        let found = shares([0, 0.5, 0.5], looks)
        // 0.01 for each, and half of 0.6² for the second.
        #expect(abs(found[1] - 0.19 / 0.21) < 1e-5)
        #expect(found[0] == found[2])
    }

    @Test func whatAWordGivesToAllCountsForNone() {
        let looks = (0..<4).map { _ in look([0, 0.9, 0.2]) }
        #expect(shares([0, 0.5, 0.5], looks) == [0.25, 0.25, 0.25, 0.25])
    }

    @Test func wordsThatTheAnswerDidNotHeedSayNothing() {
        let looks = [look([0.9, 0.9, 0.2]), look([0, 0.1, 0.2]), look([0, 0.1, 0.2])]
        let found = shares([0, 0, 1], looks)
        #expect(found.allSatisfy { abs($0 - 1 / 3) < 1e-5 })
    }

    @Test func oneHeadIsEnough() {
        let looks = [
            look([0, 0.5, 0.5]), look([0, 0.5, 0.5], [0.5, 0.5, 1]), look([0, 0.5, 0.5]),
        ]
        #expect(shares([0, 1, 1], looks)[1] > 0.8)
    }

    @Test func ofTwoPicturesTheOneThatGotMoreCounts() {
        let looks = [look([0, 0.8, 0.5]), look([0, 0.3, 0.5])]
        let found = shares([0, 1, 0], looks)
        #expect(abs(found[0] - 0.26 / 0.27) < 1e-5)
    }

    @Test func anAnswerWithoutWordsLeavesAllAlike() {
        #expect(shares([0, 0, 0], [look([0, 1, 0]), look([0, 0, 0])]) == [0.5, 0.5])
    }
}
