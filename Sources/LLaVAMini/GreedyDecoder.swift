import ModelLoading
import Tensor

/// Greedy decoding of several prompts at once.
struct GreedyDecoder {
    let model: LanguageModel
    let endTokens: Set<Int>
    let options: GenerationOptions
    /// What answers are expected to begin with; a wrong guess costs rows of a step, and
    /// changes nothing.
    var opening: [Int] = []
    /// What earlier answers said, if answers are guessed from them; learns from these.
    var phrases: PhraseMemory?
    /// How long earlier answers were, if that is remembered; learns from these.
    var lengths: AnswerLengths?

    /// Told after every step what each prompt's answer consists of so far, where anybody wants to know.
    var onStep: (([[Int]]) -> Void)?

    /// Rows of a step that cost as much as one, for guesses and for prompts that can wait.
    var rowsAtOnePrice = InstructionSet.rowsAtOnePrice

    /// The answer to one prompt, as far as it has got.
    struct Answer {
        var ids: [Int] = []
        var gaps: [Float] = []
        var probabilities: [Float] = []
        var firstLogits: [Float] = []
        var reachedEnd = false
        /// Tokens it may have.
        fileprivate let room: Int

        fileprivate var isFinished: Bool { reachedEnd || ids.count >= room }
    }

    /// Answers prompts, in their order.
    ///
    /// - Parameters:
    ///   - prompts: Fused with at least one image each.
    ///   - limits: Tokens that each may have; where they are not given, the options' for all.
    ///   - shouldStop: Asked at every token and between layers.
    /// - Returns: an answer to each prompt.
    /// - Throws: `CancellationError` where `shouldStop` says so, `ModelError` where a prompt does
    ///   not fit or the model computes something that is no number.
    func callAsFunction(
        _ prompts: [FusedPrompt], limits: [Int]? = nil, shouldStop: StopCheck
    ) throws -> [Answer] {
        let inputs = try prompts.map { try $0.inputsEmbeds() }
        var answers = try inputs.enumerated().map { index, input in
            Answer(room: min(try room(after: input.rows), limits?[index] ?? .max))
        }
        guard options.maximumTokens > 0 else { return answers }
        let plan = ReadingPlan(
            groups: PromptGroup.grouping(prompts), rows: inputs.map(\.rows),
            lengths: zip(prompts, answers).map { prompt, answer in
                min(lengths?.expected(after: prompt.ids) ?? .max, answer.room)
            }, rowsAtOnePrice: rowsAtOnePrice)
        let prefill = Prefill(
            model: model, inputs: inputs, groups: plan.first, rooms: answers.map(\.room))
        let read = try prefill(shouldStop: shouldStop) { prompt, logits, row in
            try begin(&answers[prompt], from: logits, row: row)
        }
        var batch = DecodingBatch(read, prefill: prefill, later: plan.later)
        try decode(&answers, at: &batch, shouldStop: shouldStop)
        for (prompt, answer) in zip(prompts, answers) {
            phrases?.learn(answer.ids)
            lengths?.learn(answer.ids.count, after: prompt.ids)
        }
        return answers
    }

    /// One token for every unfinished answer a step, until all are finished.
    private func decode(
        _ answers: inout [Answer], at batch: inout DecodingBatch, shouldStop: StopCheck
    ) throws {
        while batch.clear(finished: { answers[$0].isFinished }) {
            try checkForStop(shouldStop)
            let guesses = guesses(after: answers, at: batch)
            let last = try read(answers, guesses, at: &batch, shouldStop: shouldStop)
            guard last.rows > 0 else { continue }
            try write(&answers, guesses, from: model.logits(last), at: &batch)
            onStep?(answers.map(\.ids))
        }
    }

    /// How each answer that is being written may go on.
    private func guesses(after answers: [Answer], at batch: DecodingBatch) -> [[Int]] {
        // What has to be read anyway is a surer gain.
        let spare = batch.isReading ? 0 : rowsAtOnePrice / max(batch.writing.count, 1) - 1
        return batch.writing.map { guess(after: answers[$0], spareRows: spare) }
    }

    /// Reads each answer's last token with its guess, and some rows of the prompt that waits.
    private func read(
        _ answers: [Answer], _ guesses: [[Int]], at batch: inout DecodingBatch,
        shouldStop: StopCheck
    ) throws -> Matrix {
        let words = zip(batch.writing, guesses).flatMap { answers[$0].ids.suffix(1) + $1 }
        let piece = batch.takeRows(
            atMost: words.isEmpty ? .max : max(rowsAtOnePrice - words.count, 1))
        return try model.read(
            Matrix(stacking: [model.embed(words)] + piece.rows),
            guesses.map { Reading(count: 1 + $0.count, asked: 1 + $0.count) } + piece.reading,
            into: &batch.contexts, shouldStop: shouldStop)
    }

    /// Adds to each answer what the model says, and begins that of a prompt read to its end.
    private func write(
        _ answers: inout [Answer], _ guesses: [[Int]], from logits: Matrix,
        at batch: inout DecodingBatch
    ) throws {
        var row = 0
        for (place, guess) in guesses.enumerated() {
            let taken = try extend(
                &answers[batch.writing[place]], from: logits, firstRow: row, guess: guess)
            batch.contexts[place].forget(
                downTo: batch.contexts[place].own.count - guess.count + taken)
            row += 1 + guess.count
        }
        if let begun = batch.endReading() {
            try begin(&answers[begun], from: logits, row: row)
        }
    }

    /// How an answer may go on, as far as it has room: with the rest of the opening where it has
    /// begun with it, and otherwise as earlier answers did.
    ///
    /// Several tokens are read in one step, which costs hardly more than one: the weights are read
    /// once. Only as long as the model would have said them itself are they kept.
    private func guess(after answer: Answer, spareRows: Int) -> [Int] {
        let said = answer.ids.count, room = answer.room - said - 1
        guard room > 0 else { return [] }
        if said < opening.count, opening.starts(with: answer.ids) {
            return Array(opening.dropFirst(said).prefix(room))
        }
        return phrases?.guess(after: answer.ids, most: min(spareRows, room)) ?? []
    }

    /// Adds what the model says after a token, and after each guessed one that it says as well.
    ///
    /// - Returns: how many of the guessed tokens it said.
    private func extend(
        _ answer: inout Answer, from logits: Matrix, firstRow: Int, guess: [Int]
    ) throws -> Int {
        for (offset, guessed) in guess.enumerated() {
            try extend(&answer, from: logits, row: firstRow + offset)
            guard !answer.reachedEnd, answer.ids.last == guessed else { return offset }
        }
        try extend(&answer, from: logits, row: firstRow + guess.count)
        return guess.count
    }

    /// Takes the first token from what follows the prompt.
    private func begin(_ answer: inout Answer, from logits: Matrix, row: Int) throws {
        answer.firstLogits = logits.rows(row..<row + 1).values
        try extend(&answer, from: logits, row: row)
    }

    private func extend(_ answer: inout Answer, from logits: Matrix, row: Int) throws {
        guard let best = logits.largest(inRow: row) else {
            throw ModelError(
                nil, "the model computed something that is no number",
                advice: "Its weights are damaged: copy or download the checkpoint again.")
        }
        guard options.ignoresEndTokens || !endTokens.contains(best.column) else {
            answer.reachedEnd = true
            return
        }
        answer.ids.append(best.column)
        answer.gaps.append(best.gap)
        answer.probabilities.append(logits.softmax(ofColumn: best.column, inRow: row))
    }

    /// How many tokens can follow a prompt of so many rows; the last one takes no position.
    private func room(after rows: Int) throws -> Int {
        let positions = model.configuration.maximumPositions
        guard rows <= positions else {
            throw ModelError(
                nil,
                "the prompt takes \(rows) positions, and the model has \(positions) "
                    + "('max_position_embeddings')",
                advice: "Ask a shorter question or use fewer frames.")
        }
        return min(max(options.maximumTokens, 0), positions - rows + 1)
    }
}
