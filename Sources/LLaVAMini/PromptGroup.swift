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

    /// The group without some of its prompts; what all had in common is still read on its own.
    func keeping(_ isKept: (Int) -> Bool) -> PromptGroup {
        PromptGroup(members: members.filter(isKept), sharedRows: sharedRows)
    }
}
