import TestSupport
import Testing

@testable import LLaVAMini

/// Guesses repeat what followed before, and memory of it is bounded.
@Suite struct PhraseMemoryTests {
    @Test func nothingIsGuessedFromNothing() {
        let memory = PhraseMemory()
        #expect(memory.guess(after: [1, 2], most: 3).isEmpty)
        memory.learn([1, 2, 3])
        #expect(memory.guess(after: [], most: 3).isEmpty)
        #expect(memory.guess(after: [1, 2], most: 0).isEmpty)
        #expect(memory.guess(after: [9], most: 3).isEmpty)
    }

    @Test func aSentenceIsRepeated() {
        let memory = PhraseMemory()
        memory.learn([1, 2, 3, 4, 5])
        #expect(memory.guess(after: [1], most: 3) == [2, 3, 4])
        #expect(memory.guess(after: [1, 2, 3], most: 3) == [4, 5])
    }

    @Test func twoTokensSayMoreThanOne() {
        let memory = PhraseMemory()
        memory.learn([1, 7, 2])
        memory.learn([3, 7, 4])
        memory.learn([3, 7, 4])
        #expect(memory.guess(after: [1, 7], most: 1) == [2])
        #expect(memory.guess(after: [3, 7], most: 1) == [4])
        // A place never met: what mostly follows the last token.
        #expect(memory.guess(after: [5, 7], most: 1) == [4])
    }

    @Test func whatIsNoLongerSaidIsReplaced() {
        let memory = PhraseMemory()
        for _ in 0..<100 { memory.learn([1, 2, 3]) }
        for _ in 0..<5 { memory.learn([1, 2, 4]) }
        #expect(memory.guess(after: [1, 2], most: 1) == [4])
    }

    @Test func theOldestIsForgotten() {
        let memory = PhraseMemory(mostPlaces: 100)
        memory.learn([1, 2, 3])
        for token in 10..<400 {
            memory.learn([token * 2, token * 2 + 1])
            if token < 350 { memory.learn([1, 2, 3]) }
        }
        #expect(memory.guess(after: [20], most: 1).isEmpty)
        #expect(memory.guess(after: [798], most: 1) == [799])
        #expect(memory.guess(after: [1, 2], most: 1) == [3])
    }

    @Test func anyAnswersAreLearntAndGuessesAreNoLongerThanAsked() {
        var generator = SeededGenerator(seed: 53)
        let memory = PhraseMemory(mostPlaces: 20)
        for _ in 0..<500 {
            let length = Int.random(in: 0..<12, using: &generator)
            let ids = (0..<length).map { _ in Int.random(in: 0..<6, using: &generator) }
            memory.learn(ids)
            let most = Int.random(in: 0..<9, using: &generator)
            let guess = memory.guess(after: ids, most: most)
            #expect(guess.count <= most)
            #expect(guess.allSatisfy { (0..<6).contains($0) })
        }
    }
}
