import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Daemon

@Suite struct BoundedQueueTests {
    @Test func handsValuesOverInOrder() async throws {
        let queue = BoundedQueue<Int>(capacity: 3)
        async let sent: Void = onThread {
            for value in 0..<1000 { _ = queue.push(value) }
            queue.close()
        }
        let received = try await onThread {
            var values: [Int] = []
            while case .element(let value) = queue.pop() { values.append(value) }
            return values
        }
        try await sent
        #expect(received == Array(0..<1000))
    }

    @Test func holdsProducersBackWhenFull() async throws {
        let queue = BoundedQueue<Int>(capacity: 2)
        let pushed = Mutex(0)
        async let sent: Void = onThread {
            for value in 0..<5 where queue.push(value) { pushed.withLock { $0 += 1 } }
        }
        while pushed.withLock({ $0 }) < 2 { await Task.yield() }
        #expect(pushed.withLock { $0 } == 2)
        queue.close()
        try await sent
        #expect(pushed.withLock { $0 } == 2, "a closed queue takes nothing more")
    }

    @Test func givesOutWhatItHoldsAfterClosing() {
        let queue = BoundedQueue<Int>(capacity: 2)
        #expect(queue.push(1))
        queue.close()
        guard case .element(1) = queue.pop() else {
            Issue.record("the value inside is lost")
            return
        }
        guard case .closed = queue.pop() else {
            Issue.record("an empty closed queue says so")
            return
        }
    }

    @Test func timesOut() {
        let queue = BoundedQueue<Int>(capacity: 1)
        guard case .timeout = queue.pop(until: Date()) else {
            Issue.record("nothing came, and it was not said")
            return
        }
    }
}
