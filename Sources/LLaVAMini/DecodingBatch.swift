import ModelLoading
import Tensor

/// What a decoder has before it: answers that are being written, and perhaps a prompt that is
/// being read beside them.
struct DecodingBatch {
    /// Prompts whose answers are being written.
    private(set) var writing: [Int]
    /// Those of `writing`, and last that of the prompt that is being read.
    var contexts: [Context]

    /// A prompt that has not been read to its end.
    private struct Unread {
        let prompt: Int
        /// [rows, width].
        var rows: Matrix
    }
    private var unread: Unread?
    /// Prompts that nobody has begun to read.
    private var waiting: [Int]
    private let prefill: Prefill
    /// What all the waiting ones begin with.
    private let shared: KVCache?

    /// Rows of the prompt that is being read, and what is asked of them; both empty without one.
    typealias Piece = (rows: [Matrix], reading: [Reading])

    /// Lays out what was read.
    ///
    /// - Parameters:
    ///   - read: Prompts with their first token, each with its context.
    ///   - prefill: What read them.
    ///   - later: Prompts that share a beginning with them and that wait.
    init(_ read: [(prompt: Int, context: Context)], prefill: Prefill, later: [Int]) {
        writing = read.map(\.prompt)
        contexts = read.map(\.context)
        self.prefill = prefill
        waiting = later
        shared = later.isEmpty ? nil : read.first?.context.shared
    }

    /// Whether a prompt is being read.
    var isReading: Bool { unread != nil }

    /// Puts finished answers away and takes up the next prompt that waits.
    ///
    /// - Returns: whether anything is left to do.
    mutating func clear(finished isFinished: (Int) -> Bool) -> Bool {
        let kept = writing.indices.filter { !isFinished(writing[$0]) }
        if kept.count < writing.count {
            contexts = (kept + (writing.count..<contexts.count)).map { contexts[$0] }
            writing = kept.map { writing[$0] }
        }
        if unread == nil, !waiting.isEmpty { take(waiting.removeFirst()) }
        return !contexts.isEmpty
    }

    private mutating func take(_ prompt: Int) {
        let input = prefill.inputs[prompt]
        let rows = input.rows((shared?.count ?? 0)..<input.rows)
        unread = Unread(prompt: prompt, rows: rows)
        contexts.append(prefill.context(of: prompt, rows: rows.rows, after: shared))
    }

    /// The next rows of the prompt that is being read.
    mutating func takeRows(atMost most: Int) -> Piece {
        guard let rest = unread?.rows else { return ([], []) }
        let count = min(most, rest.rows)
        unread?.rows = rest.rows(count..<rest.rows)
        return (
            [rest.rows(0..<count)], [Reading(count: count, asked: count == rest.rows ? 1 : 0)]
        )
    }

    /// Counts the prompt that is being read among those that are being answered, if its last row
    /// was taken.
    ///
    /// - Returns: that prompt.
    mutating func endReading() -> Int? {
        guard let read = unread, read.rows.rows == 0 else { return nil }
        unread = nil
        writing.append(read.prompt)
        return read.prompt
    }
}
