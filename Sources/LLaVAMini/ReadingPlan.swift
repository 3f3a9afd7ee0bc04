/// Which prompts are read at once, and which beside the longest answer while it is written.
///
/// A step that writes one token waits for the weights and has room for a few rows more. With a lone
/// picture, the tags' question is read in that room, piece by piece, while the caption is
/// written, as long as its answer ends no later than the caption's (prefill in pieces beside
/// decoding: Agrawal et al., "Sarathi", 2023). With a backlog there is no such room: everything is
/// read at once.
struct ReadingPlan: Equatable {
    /// What is read before anything is written.
    let first: [PromptGroup]
    /// Prompts that are read afterwards, one after the other.
    let later: [Int]

    /// Plans.
    ///
    /// - Parameters:
    ///   - groups: All prompts.
    ///   - rows: How many rows each has.
    ///   - lengths: How many tokens the answer to each is expected to have.
    ///   - rowsAtOnePrice: Rows of a step that cost as much as one.
    init(groups: [PromptGroup], rows: [Int], lengths: [Int], rowsAtOnePrice: Int) {
        guard groups.count == 1, let group = groups.first, group.sharedRows > 0,
            let leader = group.members.max(by: { lengths[$0] < lengths[$1] })
        else {
            (first, later) = (groups, [])
            return
        }
        var later: [Int] = []
        var step = 0
        let others = group.members.filter { $0 != leader }.sorted { lengths[$0] > lengths[$1] }
        for prompt in others {
            // Those before it may still be written.
            let room = rowsAtOnePrice - 1 - later.count
            guard room > 0 else { break }
            let read = step + (rows[prompt] - group.sharedRows + room - 1) / room
            guard read + lengths[prompt] <= lengths[leader] else { continue }
            later.append(prompt)
            step = read
        }
        first = [group.keeping { !later.contains($0) }]
        self.later = later
    }
}
