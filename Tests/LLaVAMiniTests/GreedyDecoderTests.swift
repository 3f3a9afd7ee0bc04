import Imaging
import TestSupport
import Testing

@testable import LLaVAMini

/// Guessing how answers begin saves steps and changes nothing.
@Suite struct GreedyDecoderTests {
    private let model: LLaVAMini
    private let prompts: [FusedPrompt]

    init() throws {
        let model = try LLaVAMini.load(from: CheckpointCopy.original)
        let images = try [(150, 200), (210, 130)].map {
            try model.encode(.gradient($0, $1), highResolution: false)
        }
        // The first two share their beginning.
        let questions = [
            ("What is this?", 0), ("Which colours are here?", 0), ("What is this?", 1),
        ]
        prompts = try questions.map { question, image in
            var prompt = try model.prompt(question)
            try prompt.add(images[image])
            return prompt
        }
        self.model = model
    }

    private func answers(
        tokens: Int = 9, opening: [Int] = [], phrases: PhraseMemory? = nil,
        endTokens: Set<Int> = [], limits: [Int]? = nil
    ) throws -> (ids: [[Int]], questionsToStop: Int) {
        let decoder = GreedyDecoder(
            model: model.network.language, endTokens: endTokens,
            options: GenerationOptions(maximumTokens: tokens), opening: opening, phrases: phrases,
            rowsAtOnePrice: 4)
        var asked = 0
        let answers = try decoder(prompts, limits: limits) {
            asked += 1
            return false
        }
        return (answers.map(\.ids), asked)
    }

    @Test func anyGuessGivesTheSameAnswers() throws {
        var generator = SeededGenerator(seed: 51)
        let expected = try answers().ids
        let vocabulary = model.configuration.language.vocabularySize
        for _ in 0..<30 {
            // Right for one of the answers, up to a place at which it may go wrong.
            var opening = Array(
                try #require(expected.randomElement(using: &generator))
                    .prefix(Int.random(in: 1...9, using: &generator)))
            if Bool.random(using: &generator) {
                let place = Int.random(in: 0..<opening.count, using: &generator)
                opening[place] = Int.random(in: 0..<vocabulary, using: &generator)
            }
            #expect(try answers(opening: opening).ids == expected, "\(opening)")
        }
    }

    @Test func aRightGuessSavesSteps() throws {
        let plain = try answers()
        // The others have all that they may have before anything is guessed.
        let guessed = try answers(opening: Array(plain.ids[0].prefix(5)), limits: [9, 1, 1])
        let slow = try answers(limits: [9, 1, 1])
        #expect(guessed.ids == slow.ids)
        #expect(guessed.questionsToStop < slow.questionsToStop)
    }

    @Test(arguments: 1...6) func aGuessIsNoLongerThanTheAnswerMayBe(tokens: Int) throws {
        let opening = Array(try answers().ids[0].prefix(6))
        let answer = try answers(tokens: tokens, opening: opening)
        #expect(answer.ids.map(\.count) == [tokens, tokens, tokens])
    }

    @Test func anEndWithinTheGuessEndsTheAnswer() throws {
        let whole = try answers().ids
        let end = whole[0][3]
        let plain = try answers(endTokens: [end])
        let guessed = try answers(opening: Array(whole[0].prefix(6)), endTokens: [end])
        #expect(guessed.ids == plain.ids)
    }

    @Test func whatWasLearntGivesTheSameAnswers() throws {
        var generator = SeededGenerator(seed: 52)
        let vocabulary = model.configuration.language.vocabularySize
        // One answer has three further rows to guess in, two have one each, three have none.
        for limits in [[9, 1, 1], [9, 7, 1], [9, 8, 6]] {
            let expected = try answers(limits: limits).ids
            for _ in 0..<10 {
                let phrases = PhraseMemory()
                for answer in expected {
                    phrases.learn(
                        answer.map {
                            Int.random(in: 0..<4, using: &generator) > 0
                                ? $0 : Int.random(in: 0..<vocabulary, using: &generator)
                        })
                }
                #expect(try answers(phrases: phrases, limits: limits).ids == expected)
            }
        }
    }

    @Test func anAnswerLikeAnEarlierOneTakesFewerSteps() throws {
        let phrases = PhraseMemory()
        let first = try answers(phrases: phrases, limits: [9, 1, 1])
        let again = try answers(phrases: phrases, limits: [9, 1, 1])
        #expect(again.ids == first.ids)
        #expect(again.questionsToStop < first.questionsToStop)
    }

    @Test(arguments: 1...6) func whatIsGuessedHasRoom(tokens: Int) throws {
        let phrases = PhraseMemory()
        phrases.learn(try answers().ids[0])
        let answer = try answers(phrases: phrases, limits: [tokens, 1, 1])
        #expect(answer.ids.map(\.count) == [tokens, 1, 1])
    }
}
