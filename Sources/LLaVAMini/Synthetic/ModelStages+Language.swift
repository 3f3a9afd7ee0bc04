import ModelLoading
import Tensor

extension ModelStages {
    /// Sequences that the language model has read and can go on with.
    public struct Sequences: Sendable {
        var contexts: [Context]
        var next: [Int]

        /// Positions that have been read, of all sequences.
        public var positions: Int { contexts.reduce(0) { $0 + $1.count } }
    }

    /// Reads sequences of made-up tokens, and chooses each one's next.
    ///
    /// - Parameters:
    ///   - tokens: Length of each sequence.
    ///   - count: How many there are; all are read in one go.
    /// - Returns: The sequences, ready for `step`.
    /// - Throws: `ModelError` where the model computes something that is no number.
    public func prefill(tokens: Int, count: Int = 1) throws -> Sequences {
        let ids = (0..<count).flatMap { syntheticIDs(tokens, seed: $0) }
        var contexts = (0..<count).map { _ in network.language.context() }
        let last = try network.language.read(
            network.language.embed(ids),
            Array(repeating: Reading(count: tokens), count: count), into: &contexts,
            shouldStop: { false })
        return Sequences(contexts: contexts, next: try chosen(last))
    }

    /// Adds a token to every sequence.
    ///
    /// - Parameters:
    ///   - sequences: What has been read.
    ///   - guesses: Tokens that are read behind each sequence's own and are never what the model
    ///     says, as if they had been guessed wrongly.
    /// - Throws: `ModelError` where the model computes something that is no number.
    public func step(_ sequences: inout Sequences, guesses: Int = 0) throws {
        let ids = sequences.next.flatMap { [$0] + syntheticIDs(guesses, seed: 7) }
        let last = try network.language.read(
            network.language.embed(ids),
            sequences.next.map { _ in Reading(count: 1 + guesses, asked: 1 + guesses) },
            into: &sequences.contexts, shouldStop: { false })
        let chosen = try chosen(last)
        for place in sequences.contexts.indices {
            sequences.next[place] = chosen[place * (1 + guesses)]
            let own = sequences.contexts[place].own.count
            sequences.contexts[place].forget(downTo: own - guesses)
        }
    }

    /// The most likely next token of each row.
    func chosen(_ hidden: Matrix) throws -> [Int] {
        let logits = network.language.logits(hidden)
        return try (0..<logits.rows).map { row in
            guard let best = logits.largest(inRow: row) else {
                throw ModelError(nil, "the model computed something that is no number")
            }
            return best.column
        }
    }

    /// Tokens of no meaning, the same for the same seed; never 0, which stands for padding.
    func syntheticIDs(_ count: Int, seed: Int) -> [Int] {
        let vocabulary = configuration.language.vocabularySize
        return (0..<count).map { 1 + ($0 &* 7919 &+ seed &* 104_729) % (vocabulary - 1) }
    }
}
