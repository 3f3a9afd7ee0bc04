import Catalogue
import Foundation
import Logging
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

@Suite struct StoragePatienceTests {
    private let signal = WakeSignal()

    @Test func aSinglePassGivesUpOnAFullDisk() {
        let patience = makePatience(false)
        #expect(throws: CatalogueError.self) {
            try patience.run { () throws(CatalogueError) in throw .diskFull("/c") }
        }
    }

    @Test func aDaemonDoesNotWaitForWhatWillNotPass() {
        let patience = makePatience(true)
        #expect(throws: CatalogueError.self) {
            try patience.run { () throws(CatalogueError) in throw .damaged("/c", reason: "x") }
        }
    }

    @Test func waitingForRoomFeedsTheWatchdog() {
        let fed = Mutex(0)
        let patience = makePatience(true) { [signal] in
            fed.withLock { $0 += 1 }
            signal.stop()
        }
        #expect(throws: CatalogueError.self) {
            try patience.run { () throws(CatalogueError) in throw .diskFull("/c") }
        }
        #expect(fed.withLock { $0 } == 1)
    }

    @Test func aDaemonThatWaitsForRoomCanBeStopped() async {
        let patience = makePatience(true)
        await #expect(throws: CatalogueError.self) {
            try await onThread { [signal] in
                try patience.run { () throws(CatalogueError) in
                    // The disk is full, and the first pause is cut short by the stop.
                    signal.stop()
                    throw .diskFull("/c")
                }
            }
        }
    }

    private func makePatience(
        _ isPatient: Bool, onPatience: @escaping @Sendable () -> Void = {}
    ) -> StoragePatience {
        StoragePatience(
            isPatient: isPatient, signal: signal, logger: Logger(label: "test"),
            onPatience: onPatience)
    }
}
