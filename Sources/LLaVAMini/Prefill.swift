import ModelLoading
import Tensor

/// Reads prompts into contexts of their own: what several have in common once, and as many rows in
/// a pass as there is room for.
struct Prefill {
    let model: LanguageModel
    /// What enters the language model of each prompt: [rows, width].
    let inputs: [Matrix]
    let groups: [PromptGroup]
    /// How many tokens may follow each prompt.
    let rooms: [Int]

    /// Room that a context is made with; a longer answer makes it grow.
    private static let mostRoom = 256

    /// Rows of a prompt that are read in one piece.
    private struct Part {
        let group: Int
        let prompt: Int
        let rows: Range<Int>
        /// The rows are what all of the group begin with.
        let isShared: Bool
    }

    /// Reads all prompts.
    ///
    /// - Parameters:
    ///   - shouldStop: Asked between layers.
    ///   - onLogits: Told for each prompt in which row of which logits its first token is found.
    /// - Returns: the prompts in some order, each with its context.
    /// - Throws: `CancellationError` where `shouldStop` says so, and what `onLogits` throws.
    func callAsFunction(
        shouldStop: StopCheck, onLogits: (_ prompt: Int, Matrix, _ row: Int) throws -> Void
    ) throws -> [(prompt: Int, context: Context)] {
        var shared: [Int: KVCache] = [:]
        return try parts.inPasses(rows: \.rows.count).flatMap { pass in
            let contexts = try read(Array(pass), shared: &shared, shouldStop: shouldStop, onLogits)
            return zip(pass, contexts).filter { !$0.0.isShared }.map { ($0.prompt, $1) }
        }
    }

    /// A context to read so many rows of a prompt into, behind a beginning that was read before.
    func context(of prompt: Int, rows: Int, after shared: KVCache?) -> Context {
        model.context(after: shared, room: rows + min(rooms[prompt], Self.mostRoom))
    }

    /// Each group's beginning, where it has one, right before its prompts' own rows.
    private var parts: [Part] {
        groups.enumerated().flatMap { number, group in
            let beginning = Part(
                group: number, prompt: group.members[0], rows: 0..<group.sharedRows,
                isShared: true)
            let own = group.members.map { prompt in
                Part(
                    group: number, prompt: prompt, rows: group.sharedRows..<inputs[prompt].rows,
                    isShared: false)
            }
            return group.sharedRows > 0 ? [beginning] + own : own
        }
    }

    /// One pass; a beginning that later passes need as well is kept in `shared`.
    private func read(
        _ pass: [Part], shared: inout [Int: KVCache], shouldStop: StopCheck,
        _ onLogits: (Int, Matrix, Int) throws -> Void
    ) throws -> [Context] {
        var contexts = pass.map { part in
            part.isShared
                ? model.context(room: part.rows.count)
                : context(of: part.prompt, rows: part.rows.count, after: shared[part.group])
        }
        let beginnings = Dictionary(
            pass.enumerated().filter { $1.isShared }.map { ($1.group, $0) },
            uniquingKeysWith: { first, _ in first })
        let readings = pass.map { part in
            Reading(
                count: part.rows.count, parent: part.isShared ? nil : beginnings[part.group],
                asked: part.isShared ? 0 : 1)
        }
        let last = try model.read(
            Matrix(stacking: pass.map { inputs[$0.prompt].rows($0.rows) }), readings,
            into: &contexts, shouldStop: shouldStop)
        for (group, place) in beginnings { shared[group] = contexts[place].own }
        let asked = pass.filter { !$0.isShared }
        guard !asked.isEmpty else { return contexts }
        let logits = model.logits(last)
        for (row, part) in asked.enumerated() { try onLogits(part.prompt, logits, row) }
        return contexts
    }
}
