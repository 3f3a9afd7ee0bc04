import CKernels
import Synchronization
import TestSupport
import Testing

@testable import Tensor

@Suite struct ComputePoolTests {
    @Test(arguments: [0, 1, 2, 3, 7, 64, 1000])
    func doesEveryShareOnce(count: Int) {
        let pool = ComputePool(threads: 4)
        let counts = (0..<count).map { _ in Counter() }
        for _ in 0..<50 { pool.parallel(count: count) { counts[$0].increase() } }
        #expect(counts.allSatisfy { $0.value == 50 })
    }

    @Test func returnsOnlyWhenAllSharesAreDone() {
        let pool = ComputePool(threads: 3)
        for round in 0..<2000 {
            let done = Counter()
            pool.parallel(count: 5) { _ in done.increase() }
            #expect(done.value == 5, "round \(round)")
        }
    }

    @Test func runsACallWithinACall() {
        let pool = ComputePool(threads: 2)
        let done = Counter()
        pool.parallel(count: 4) { _ in pool.parallel(count: 4) { _ in done.increase() } }
        #expect(done.value == 16)
    }

    @Test func servesSeveralThreadsAtOnce() async throws {
        let pool = ComputePool(threads: 3)
        let done = Counter()
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    try await onThread {
                        for _ in 0..<200 { pool.parallel(count: 3) { _ in done.increase() } }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(done.value == 4 * 200 * 3)
    }

    /// Whatever a thread was told to compute with, those that help it compute with, and no others.
    @Test(arguments: kernelLevels) func threadsFollowTheirCallersLevel(level: vk_level) async throws
    {
        let pool = ComputePool(threads: 3)
        let usual = vk_current_level()
        try await withThrowingTaskGroup { group in
            for expected in [usual, level] {
                group.addTask {
                    let strays = try await onThread {
                        let strays = Counter()
                        for _ in 0..<500 {
                            with(level: expected) {
                                pool.parallel(count: 7) { _ in
                                    if vk_current_level() != expected { strays.increase() }
                                }
                            }
                            if vk_current_level() != usual { strays.increase() }
                        }
                        return strays.value
                    }
                    #expect(strays == 0)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func worksAfterItsThreadsHaveFallenAsleep() async throws {
        let pool = ComputePool(threads: 2)
        let done = Counter()
        for _ in 0..<5 {
            pool.parallel(count: 8) { _ in done.increase() }
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(done.value == 40)
    }
}

private final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func increase() { count.add(1, ordering: .relaxed) }
}
