import Testing

@testable import LLaVAMini

/// The lengths of earlier answers tell what to expect, and memory of them is bounded.
@Suite struct AnswerLengthsTests {
    @Test func nothingIsExpectedOfAnUnknownPrompt() {
        let lengths = AnswerLengths()
        lengths.learn(7, after: [1, 2])
        #expect(lengths.expected(after: [1]) == nil)
        #expect(lengths.expected(after: [1, 2]) == 7)
    }

    @Test func theMeanFollowsWhatComes() {
        let lengths = AnswerLengths()
        lengths.learn(10, after: [1])
        lengths.learn(20, after: [1])
        #expect(lengths.expected(after: [1]) == 15)
        for _ in 0..<40 { lengths.learn(30, after: [1]) }
        #expect(lengths.expected(after: [1]) == 30)
    }

    @Test func memoryIsBounded() {
        let lengths = AnswerLengths(mostPrompts: 2)
        for prompt in 0..<3 { lengths.learn(prompt, after: [prompt]) }
        #expect((0..<3).map { lengths.expected(after: [$0]) } == [nil, nil, 2])
    }
}
