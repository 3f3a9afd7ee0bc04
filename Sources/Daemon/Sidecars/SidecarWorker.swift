import Catalogue
import FileSystem
import Foundation
import Logging
import MediaDecoding
import Sidecars
import Synchronization
import SystemPackage

/// Brings sidecars in line by itself, after each description and edit.
///
/// On a thread and with a child of its own, so that nobody waits for it. What is due stands in the catalogue, and is
/// taken off the list once it is done: whatever ends this, nothing is forgotten.
final class SidecarWorker: Sendable {
    /// How long what could not be written is left alone.
    private static let pause = 600.0
    /// How long to wait where the catalogue cannot be used, for want of room for instance.
    private static let storagePause = 15.0
    /// Assets that are looked at at once.
    private static let batch = 16

    private let catalogue: Catalogue
    private let decoder: Decoder
    private let sync: SidecarSync
    private let logger: Logger
    private let signal = WakeSignal()
    private let isFinishing = Atomic(false)
    /// What was said, so that it is said once: by folder and reason.
    private let told = Mutex<Set<String>>([])

    /// Prepares; `nil` where the settings do not want it.
    ///
    /// - Throws: `CatalogueError`.
    init?(
        _ settings: Settings, catalogue: Catalogue, decoderProgram: FilePath, logger: Logger
    ) throws {
        let isOn = settings.sidecarWriting == .always
        try catalogue.writesSidecars(isOn)
        guard isOn else { return nil }
        self.catalogue = catalogue
        self.logger = logger
        decoder = Decoder(executable: decoderProgram, limits: settings.decoderLimits)
        sync = try SidecarSync(
            catalogue: catalogue, decoder: decoder, naming: settings.sidecarNaming)
    }

    /// Works until `stop`, or until nothing is left after `finish`.
    func run() {
        defer { decoder.close() }
        while !signal.stopped {
            let mark = signal.mark()
            let mayEnd = isFinishing.load(ordering: .acquiring)
            var next: Date?
            do throws(CatalogueError) {
                if try !workOff() { next = Date() + Self.pause }
            } catch {
                tell("", "sidecars cannot be written: \(error)")
                next = Date() + Self.storagePause
            }
            if mayEnd { return }
            signal.wait(since: mark, until: next)
        }
    }

    /// There may be something to write.
    func wake() { signal.notify() }

    /// Lets `run` end once all that is due was tried.
    func finish() {
        isFinishing.store(true, ordering: .releasing)
        signal.notify()
    }

    /// Ends everything soon.
    func stop() {
        signal.stop()
        decoder.cancel()
    }

    /// Tries all that is due, once.
    ///
    /// - Returns: Whether nothing is left.
    private func workOff() throws(CatalogueError) -> Bool {
        var after: Int64 = 0
        var isAllDone = true
        while !signal.stopped {
            let due = try catalogue.sidecarsDue(after: after, limit: Self.batch)
            guard let last = due.last else { return isAllDone }
            after = last.stamp
            var done: [Int64] = []
            for (stamp, asset) in due where !signal.stopped {
                if try bring(asset) { done.append(stamp) } else { isAllDone = false }
            }
            try catalogue.sidecarsDone(done)
        }
        return isAllDone
    }

    private func bring(_ asset: Int64) throws(CatalogueError) -> Bool {
        var isDone = true
        for task in try catalogue.sidecarTasks(ofAssets: [asset]) {
            guard !signal.stopped else { return false }
            let result = try sync.bring(task)
            let folder = result.picture.removingLastComponent().string
            switch result.outcome {
            case .failed(let reason):
                isDone = false
                tell(folder, reason, about: result.picture)
            case .written, .upToDate: forget(folder)
            }
        }
        return isDone
    }

    private func tell(_ folder: String, _ reason: String, about picture: FilePath? = nil) {
        guard !signal.stopped, told.withLock({ $0.insert("\(folder)\n\(reason)").inserted })
        else { return }
        logger.warning("\(picture.map { "\($0): the sidecar " } ?? "")\(reason)")
    }

    /// What a folder's trouble was is said again should it come back.
    private func forget(_ folder: String) {
        told.withLock { told in
            guard !told.isEmpty else { return }
            told = told.filter { !$0.hasPrefix("\(folder)\n") }
        }
    }
}
