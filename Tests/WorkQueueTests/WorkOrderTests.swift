import Testing
import WorkQueue

@Suite struct WorkOrderTests {
    @Test func newWorkGoesBeforeWorkThatIsDoneAgain() {
        #expect(WorkPriority.allCases.sorted() == [.new, .redo])
    }

    @Test func kindsAndStatesAreStoredByTheirNames() {
        #expect(WorkKind.allCases.map(\.rawValue) == ["describe", "embed"])
        #expect(WorkState.allCases.map(\.rawValue) == ["queued", "leased", "failed"])
    }
}
