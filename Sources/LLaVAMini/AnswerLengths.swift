import Synchronization

/// How long the answers to each prompt have been of late: what is known of an answer before it is
/// written.
final class AnswerLengths: Sendable {
    /// The mean and how many answers it was made of, at most `mostWeight`.
    private struct Mean {
        var tokens: Double
        var weight: Double
    }

    /// Answers after which an older one hardly counts.
    private static let mostWeight = 8.0

    private let mostPrompts: Int
    private let means = Mutex<[[Int]: Mean]>([:])

    /// Starts with no memory.
    ///
    /// - Parameter mostPrompts: How many prompts are remembered; with one more, all are forgotten.
    init(mostPrompts: Int = 64) {
        self.mostPrompts = mostPrompts
    }

    /// Tokens that an answer to the prompt is expected to have; `nil` where none was given yet.
    func expected(after prompt: [Int]) -> Int? {
        means.withLock { $0[prompt].map { Int($0.tokens.rounded()) } }
    }

    /// Takes in how many tokens an answer to the prompt had.
    func learn(_ tokens: Int, after prompt: [Int]) {
        means.withLock { means in
            guard var mean = means[prompt] else {
                if means.count >= mostPrompts { means = [:] }
                means[prompt] = Mean(tokens: Double(tokens), weight: 1)
                return
            }
            mean.weight = min(mean.weight + 1, Self.mostWeight)
            mean.tokens += (Double(tokens) - mean.tokens) / mean.weight
            means[prompt] = mean
        }
    }
}
