import Catalogue
import Foundation
import Logging

/// What to do when the catalogue cannot be written, most likely because the disk is full.
///
/// A daemon keeps the finished work in memory, says so once, and tries again until there is room; a
/// single pass gives up with the error.
struct StoragePatience: Sendable {
    let isPatient: Bool
    let signal: WakeSignal
    let logger: Logger
    /// Called before each new try: waiting for room is no reason for a watchdog to bite.
    let onPatience: @Sendable () -> Void
    private static let pause = Duration.seconds(15)

    /// Runs `change` until it succeeds, the pipeline stops, or patience ends.
    ///
    /// - Throws: The catalogue's error.
    func run<Value>(_ change: () throws(CatalogueError) -> Value) throws(CatalogueError) -> Value {
        var hasSpoken = false
        while true {
            do throws(CatalogueError) {
                return try change()
            } catch {
                guard isPatient, error.isPassing, !signal.stopped else { throw error }
                if !hasSpoken {
                    logger.error("\(error); trying again every \(Self.pause.components.seconds) s")
                    hasSpoken = true
                }
                onPatience()
                signal.pause(for: Self.pause)
            }
        }
    }
}

extension CatalogueError {
    /// Whether the same change may succeed later.
    fileprivate var isPassing: Bool {
        switch self {
        case .diskFull, .busy, .inaccessible: true
        default: false
        }
    }
}
