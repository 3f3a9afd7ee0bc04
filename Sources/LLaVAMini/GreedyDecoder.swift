import Tensor

/// Greedy decoding of several prompts at once.
struct GreedyDecoder {
    let model: LanguageModel
    let endTokens: Set<Int>
    let options: GenerationOptions

    /// Rows that are read in one go when prompts are; bounds the memory that a batch takes.
    private static let rowsAtOnce = 1024

    /// The answer to one prompt, as far as it has got.
    struct Answer {
        var ids: [Int] = []
        var gaps: [Float] = []
        var firstLogits: [Float] = []
        var reachedEnd = false
        /// Tokens it may have.
        fileprivate let room: Int

        fileprivate var isFinished: Bool { reachedEnd || ids.count >= room }
    }

    /// Answers prompts, in their order.
    ///
    /// - Throws: `CancellationError` where `shouldStop` says so, `ModelError` where a prompt does
    ///   not fit or the model computes something that is no number.
    func callAsFunction(
        _ prompts: [FusedPrompt], shouldStop: StopCheck
    ) throws -> [Answer] {
        let inputs = try prompts.map { try $0.inputsEmbeds() }
        var answers = try inputs.map { Answer(room: try room(after: $0.rows)) }
        guard options.maximumTokens > 0 else { return answers }
        var active: [Int] = []
        var contexts: [Context] = []
        for batch in try plan(prompts, inputs, shouldStop: shouldStop) {
            let rows = Matrix(
                stacking: batch.map { part in
                    inputs[part.prompt].rows(part.firstRow..<inputs[part.prompt].rows)
                })
            var fresh = batch.map { model.context(after: $0.shared) }
            let last = try model.read(
                rows, lengths: batch.map { inputs[$0.prompt].rows - $0.firstRow }, into: &fresh,
                shouldStop: shouldStop)
            let logits = model.logits(last)
            for (row, part) in batch.enumerated() {
                answers[part.prompt].firstLogits = logits.rows(row..<row + 1).values
                try extend(&answers[part.prompt], from: logits, row: row)
            }
            active += batch.map(\.prompt)
            contexts += fresh
        }
        try decode(&answers, active: active, contexts: contexts, shouldStop: shouldStop)
        return answers
    }

    /// One token for every unfinished answer a step, until all are finished.
    private func decode(
        _ answers: inout [Answer], active: [Int], contexts: [Context], shouldStop: StopCheck
    ) throws {
        var (active, contexts) = (active, contexts)
        while true {
            let unfinished = active.indices.filter { !answers[active[$0]].isFinished }
            guard !unfinished.isEmpty else { return }
            if unfinished.count < active.count {
                contexts = unfinished.map { contexts[$0] }
                active = unfinished.map { active[$0] }
            }
            try checkForStop(shouldStop)
            let embeddings = model.embed(active.compactMap { answers[$0].ids.last })
            let last = try model.read(
                embeddings, lengths: active.map { _ in 1 }, into: &contexts,
                shouldStop: shouldStop)
            let logits = model.logits(last)
            for (row, prompt) in active.enumerated() {
                try extend(&answers[prompt], from: logits, row: row)
            }
        }
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

    /// A prompt's rows from `firstRow` on; those before it stand in `shared`.
    private struct Part {
        let prompt: Int
        let firstRow: Int
        let shared: KVCache?
    }

    /// Reads what prompts have in common, and says in which batches to read the rest.
    private func plan(
        _ prompts: [FusedPrompt], _ inputs: [Matrix], shouldStop: StopCheck
    ) throws -> [[Part]] {
        var batches: [[Part]] = []
        var rows = 0
        for group in PromptGroup.grouping(prompts) {
            let shared = try read(
                inputs[group.members[0]].rows(0..<group.sharedRows), shouldStop: shouldStop)
            for prompt in group.members {
                let part = Part(prompt: prompt, firstRow: group.sharedRows, shared: shared)
                let length = inputs[prompt].rows - part.firstRow
                if batches.isEmpty || rows + length > Self.rowsAtOnce {
                    batches.append([])
                    rows = 0
                }
                batches[batches.count - 1].append(part)
                rows += length
            }
        }
        return batches
    }

    private func read(_ rows: Matrix, shouldStop: StopCheck) throws -> KVCache? {
        guard rows.rows > 0 else { return nil }
        var contexts = [model.context()]
        _ = try model.read(
            rows, lengths: [rows.rows], into: &contexts, shouldStop: shouldStop)
        return contexts[0].own
    }
}

/// Prompts that begin alike.
struct PromptGroup: Equatable {
    /// Places in the list of prompts.
    private(set) var members: [Int]
    /// How many rows all of them have in common; none where a prompt is alone.
    private(set) var sharedRows: Int

    /// Puts prompts together that were fused with the same images and begin with the same tokens.
    static func grouping(_ prompts: [FusedPrompt]) -> [PromptGroup] {
        var groups: [PromptGroup] = []
        for (index, prompt) in prompts.enumerated() {
            let common = groups.map { prompts[$0.members[0]].commonRows(with: prompt) }
            guard let place = common.firstIndex(where: { $0 > 0 }) else {
                groups.append(PromptGroup(members: [index], sharedRows: 0))
                continue
            }
            let isFirstPair = groups[place].members.count == 1
            groups[place].members.append(index)
            groups[place].sharedRows =
                isFirstPair ? common[place] : min(groups[place].sharedRows, common[place])
        }
        return groups
    }
}
