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
    /// How long to wait for more once there is something to write: what is written together costs less.
    private static let gathering = 1.0

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
            catalogue: catalogue, decoder: decoder, naming: settings.sidecarNaming,
            folder: settings.sidecarFolder)
    }

    /// Works until `stop`, or until nothing is left after `finish`.
    func run() {
        defer { decoder.close() }
        while !signal.stopped {
            gather()
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

    private func gather() {
        let end = Date() + Self.gathering
        while Date() < end, !signal.stopped, !isFinishing.load(ordering: .acquiring) {
            signal.wait(since: signal.mark(), until: end)
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
            let due = try catalogue.sidecarsDue(after: after, limit: SidecarSync.batch)
            guard let last = due.last else { return isAllDone }
            after = last.stamp
            let open = try bring(due.map(\.asset))
            if !open.isEmpty { isAllDone = false }
            try catalogue.sidecarsDone(due.filter { !open.contains($0.asset) }.map(\.stamp))
        }
        return isAllDone
    }

    /// Brings the sidecars of some assets in line; returns the assets of which something is left.
    private func bring(_ assets: [Int64]) throws(CatalogueError) -> Set<Int64> {
        var open: Set<Int64> = []
        var tasks = try catalogue.sidecarTasks(ofAssets: assets)[...]
        while !tasks.isEmpty {
            let batch = Array(tasks.prefix(SidecarSync.batch))
            tasks = tasks.dropFirst(batch.count)
            let results = try sync.bring(batch.map(\.task), while: { !signal.stopped })
            for (index, (asset, _)) in batch.enumerated() where !isDone(results[index]) {
                open.insert(asset)
            }
        }
        return open
    }

    private func isDone(_ result: SidecarResult?) -> Bool {
        guard let result else { return false }
        let folder = result.picture.removingLastComponent().string
        if case .failed(let reason) = result.outcome {
            tell(folder, reason, about: result.picture)
            return false
        }
        forget(folder)
        return true
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
