import Imaging
import Tensor
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
        _ prompts: [FusedPrompt]? = nil, tokens: Int = 9, opening: [Int] = [],
        phrases: PhraseMemory? = nil, lengths: AnswerLengths? = nil, endTokens: Set<Int> = [],
        limits: [Int]? = nil, rowsAtOnePrice: Int = 4
    ) throws -> (ids: [[Int]], firstLogits: [[Float]], questionsToStop: Int) {
        let decoder = GreedyDecoder(
            model: model.network.language, endTokens: endTokens,
            options: GenerationOptions(maximumTokens: tokens), opening: opening, phrases: phrases,
            lengths: lengths, rowsAtOnePrice: rowsAtOnePrice)
        var asked = 0
        let answers = try decoder(prompts ?? self.prompts, limits: limits) {
            asked += 1
            return false
        }
        return (answers.map(\.ids), answers.map(\.firstLogits), asked)
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

    @Test(arguments: [[60, 20, 9], [9, 60, 20], [60, 3, 40], [60, 1, 1], [60, 59, 60]])
    func whatIsReadBesideAnAnswerIsAnsweredTheSame(limits: [Int]) throws {
        let lone = try aLonePictureWithThreeQuestions()
        let atOnce = try answers(lone, tokens: 60, limits: limits, rowsAtOnePrice: 1)
        let beside = try answers(lone, tokens: 60, limits: limits)
        #expect(beside.ids == atOnce.ids)
        for (one, other) in zip(beside.firstLogits, atOnce.firstLogits) {
            #expect(
                Matrix(rows: 1, columns: one.count, values: one).isClose(
                    to: Matrix(rows: 1, columns: other.count, values: other)))
        }
    }

    @Test func anEndOfTheLongAnswerLeavesTheRestToBeReadAtOnce() throws {
        let lone = try aLonePictureWithThreeQuestions()
        let whole = try answers(lone, tokens: 60, limits: [60, 4, 4], rowsAtOnePrice: 1).ids
        let end = whole[0][1]
        let atOnce = try answers(
            lone, tokens: 60, endTokens: [end], limits: [60, 4, 4], rowsAtOnePrice: 1)
        let beside = try answers(lone, tokens: 60, endTokens: [end], limits: [60, 4, 4])
        #expect(beside.ids == atOnce.ids)
        #expect(beside.ids[0].count == 1)
    }

    @Test func lengthsOfEarlierAnswersDecideWhatWaits() throws {
        let lone = Array(try aLonePictureWithThreeQuestions().prefix(2))
        let lengths = AnswerLengths()
        lengths.learn(60, after: lone[0].ids)
        lengths.learn(3, after: lone[1].ids)
        let unknown = try answers(lone, tokens: 60)
        let known = try answers(lone, tokens: 60, lengths: lengths)
        #expect(known.ids == unknown.ids)
        // The second was read beside the first and goes on after it.
        #expect(known.questionsToStop > unknown.questionsToStop)
        #expect(lengths.expected(after: lone[1].ids) == (3 + known.ids[1].count + 1) / 2)
    }

    private func aLonePictureWithThreeQuestions() throws -> [FusedPrompt] {
        let image = try model.encode(.gradient(170, 140), highResolution: false)
        return try ["What is this?", "Which colours are here?", "Is it day?"].map {
            var prompt = try model.prompt($0)
            try prompt.add(image)
            return prompt
        }
    }
}
