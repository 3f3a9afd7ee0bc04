import Testing

@testable import Tensor

@Suite struct ComputeThreadsTests {
    @Test func thereIsAlwaysOne() {
        let before = ComputeThreads.count
        defer { ComputeThreads.set(before) }
        ComputeThreads.set(-3)
        #expect(ComputeThreads.count == 1)
    }
}
