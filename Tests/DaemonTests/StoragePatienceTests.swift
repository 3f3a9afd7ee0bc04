import Catalogue
import Foundation
import Logging
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

@Suite struct StoragePatienceTests {
    private let signal = WakeSignal()

    @Test func aSinglePassGivesUpOnAFullDisk() {
        let patience = StoragePatience(isPatient: false, signal: signal, logger: Logger(label: "t"))
        #expect(throws: CatalogueError.self) {
            try patience.run { () throws(CatalogueError) in throw .diskFull("/c") }
        }
    }

    @Test func aDaemonDoesNotWaitForWhatWillNotPass() {
        let patience = StoragePatience(isPatient: true, signal: signal, logger: Logger(label: "t"))
        #expect(throws: CatalogueError.self) {
            try patience.run { () throws(CatalogueError) in throw .damaged("/c", reason: "x") }
        }
    }

    @Test func aDaemonThatWaitsForRoomCanBeStopped() async {
        let patience = StoragePatience(isPatient: true, signal: signal, logger: Logger(label: "t"))
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
}
