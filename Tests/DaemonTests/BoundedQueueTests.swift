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

    @Test func holdsProducersBackWhenItHoldsEnoughBytes() async throws {
        let queue = BoundedQueue<Int>(capacity: 9, bytes: 100) { $0 }
        #expect(queue.push(1000), "a single value always fits")
        async let pushed = onThread { queue.push(60) }
        #expect(queue.takeWaiting(upTo: 9) { _ in true } == [1000])
        #expect(try await pushed)
        #expect(queue.push(40))
        async let late = onThread { queue.push(1) }
        queue.close()
        #expect(try await !late, "there was no room until the queue was closed")
        #expect(queue.takeWaiting(upTo: 9) { _ in true } == [60, 40])
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

    @Test func takesWhatWaitsAndNotMore() {
        let queue = BoundedQueue<Int>(capacity: 8)
        #expect(queue.takeWaiting(upTo: 3) { _ in true } == [])
        for value in [1, 2, 3, 40, 5] { #expect(queue.push(value)) }
        #expect(queue.takeWaiting(upTo: 0) { _ in true } == [])
        #expect(queue.takeWaiting(upTo: 2) { _ in true } == [1, 2])
        #expect(queue.takeWaiting(upTo: 9) { $0 < 10 } == [3])
        #expect(queue.takeWaiting(upTo: 9) { $0 < 10 } == [])
        #expect(queue.takeWaiting(upTo: 9) { _ in true } == [40, 5])
    }

    @Test func takingMakesRoom() async throws {
        let queue = BoundedQueue<Int>(capacity: 2)
        #expect(queue.push(1) && queue.push(2))
        async let pushed = onThread { queue.push(3) }
        #expect(queue.takeWaiting(upTo: 2) { _ in true } == [1, 2])
        #expect(try await pushed)
    }

    @Test func timesOut() {
        let queue = BoundedQueue<Int>(capacity: 1)
        guard case .timeout = queue.pop(until: Date()) else {
            Issue.record("nothing came, and it was not said")
            return
        }
    }
}
