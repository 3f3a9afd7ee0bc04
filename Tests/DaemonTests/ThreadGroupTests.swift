import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Daemon

@Suite struct ThreadGroupTests {
    private struct Broken: Error, Equatable { let number: Int }

    @Test func waitsForEveryThread() async throws {
        let count = Mutex(0)
        try await onThread {
            let group = ThreadGroup()
            for index in 0..<5 { group.start("t\(index)") { count.withLock { $0 += 1 } } }
            try group.wait()
        }
        #expect(count.withLock { $0 } == 5)
    }

    @Test func anEndAsksTheOthersToEndAndKeepsTheFirstError() async {
        let signal = WakeSignal()
        await #expect(throws: Broken(number: 1)) {
            try await onThread {
                let group = ThreadGroup { signal.stop() }
                group.start("waiting") { signal.wait(since: signal.mark(), until: nil) }
                group.start("failing") { throw Broken(number: 1) }
                try group.wait()
            }
        }
        #expect(signal.stopped)
    }
}
