import TestSupport
import Testing

@testable import LLaVAMini

/// Prompts wait for their turn where nobody waits longer for it.
@Suite struct ReadingPlanTests {
    private let lone = PromptGroup(members: [0, 1, 2], sharedRows: 90)

    private func plan(
        _ groups: [PromptGroup]? = nil, rows: [Int] = [114, 114, 96], lengths: [Int],
        price: Int = 4
    ) -> ReadingPlan {
        ReadingPlan(groups: groups ?? [lone], rows: rows, lengths: lengths, rowsAtOnePrice: price)
    }

    @Test func shorterAnswersWaitForTheLongest() {
        // 24 rows in eight steps of three, then six in three of two.
        let plan = plan(lengths: [40, 20, 5])
        #expect(plan.later == [1, 2])
        #expect(plan.first == [PromptGroup(members: [0], sharedRows: 90)])
        #expect(self.plan(lengths: [20, 40, 5]).later == [0, 2])
    }

    @Test func whatWouldEndLastIsReadFirst() {
        #expect(plan(lengths: [28, 20, 18]).later == [1])
        #expect(plan(lengths: [27, 20, 17]).later == [2])
        #expect(plan(lengths: [40, 40, 40]).later == [])
        #expect(plan(lengths: [40, 40, 40]).first == [lone])
    }

    @Test func severalPicturesAndDearRowsWaitForNothing() {
        let two = [
            PromptGroup(members: [0, 1], sharedRows: 90), PromptGroup(members: [2], sharedRows: 0),
        ]
        #expect(plan(two, lengths: [40, 5, 5]).later == [])
        #expect(plan(lengths: [40, 5, 5], price: 1).later == [])
        #expect(plan([], rows: [], lengths: []).first == [])
    }

    @Test func everyPromptIsReadOnceAndEndsInTime() {
        var generator = SeededGenerator(seed: 53)
        for _ in 0..<2_000 {
            let count = Int.random(in: 1...6, using: &generator)
            let shared = Int.random(in: 1...50, using: &generator)
            let rows = (0..<count).map { _ in shared + Int.random(in: 1...40, using: &generator) }
            let lengths = (0..<count).map { _ in Int.random(in: 1...60, using: &generator) }
            let price = Int.random(in: 1...6, using: &generator)
            let group = PromptGroup(members: Array(0..<count), sharedRows: shared)
            let plan = plan([group], rows: rows, lengths: lengths, price: price)
            #expect((plan.first.flatMap(\.members) + plan.later).sorted() == group.members)
            var step = 0
            for (place, prompt) in plan.later.enumerated() {
                step += (rows[prompt] - shared + price - 2 - place) / (price - 1 - place)
                #expect(step + lengths[prompt] <= (lengths.max() ?? 0))
            }
        }
    }
}
