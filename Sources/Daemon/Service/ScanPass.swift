import Captioning
public import Catalogue
import FileSystem
import FolderWatching
import Foundation
public import Logging
import MediaDecoding
import ServiceLifecycle
public import SystemPackage

/// One look through the folders that describes what is new, and ends.
public final class ScanPass: Service {
    private let pipeline: DescribingPipeline
    private let catalogue: Catalogue
    private let settings: Settings
    private let logger: Logger
    private let stopSignal = WakeSignal()
    private let onProgress: @Sendable (_ done: Int, _ total: Int) -> Void

    /// Builds a pass; nothing runs yet.
    ///
    /// - Parameters:
    ///   - settings: With the folders to look through.
    ///   - catalogue: Opened as its owner.
    ///   - captioner: Looks at the pictures.
    ///   - decoderProgram: The decoding child.
    ///   - logger: Where messages go.
    ///   - onEvent: Told what became of each file.
    ///   - onProgress: Told how many files of how many are through.
    public init(
        settings: Settings, catalogue: Catalogue, captioner: Captioner, decoderProgram: FilePath,
        logger: Logger, onEvent: @escaping @Sendable (DescribingEvent) -> Void,
        onProgress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) {
        self.settings = settings
        self.catalogue = catalogue
        self.logger = logger
        self.onProgress = onProgress
        pipeline = DescribingPipeline(
            catalogue: catalogue, captioner: captioner,
            options: .init(settings, decoderProgram: decoderProgram, waitsForStorage: false),
            logger: logger, onEvent: onEvent)
    }

    /// Looks through the folders and works until nothing is left to do, or until shut down.
    ///
    /// - Throws: What keeps the pass from going on: a folder that is not there, the catalogue, the
    ///   model.
    public func run() async throws {
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup { group in
                group.addTask { [self] in
                    defer { stop() }
                    try await pipeline.run()
                }
                group.addTask { [self] in
                    defer { stop() }
                    try await WorkerThread.run("scanning") { [self] in try scan() }
                }
                try await group.waitForAll()
            }
            catalogue.close()
        } onGracefulShutdown: {
            self.stop()
        }
    }

    private func stop() {
        stopSignal.stop()
        pipeline.stop()
    }

    private func scan() throws {
        for folder in settings.folders where !stopSignal.stopped { try scan(folder) }
        // What is gone is forgotten at once where the pass has just seen the whole of a root.
        _ = try catalogue.removeExpired(
            missingBefore: Date() - settings.grace / .seconds(1))
        var most = 0
        try pipeline.waitUntilDrained { [self] in
            let pending = try catalogue.pendingCount()
            most = max(most, pending)
            onProgress(most - pending, most)
        }
    }

    private func scan(_ folder: FilePath) throws {
        let root = try catalogue.root(at: folder)
        let recorder = ObservationRecorder(
            catalogue: catalogue, roots: [root], logger: logger,
            onNews: { [pipeline] in pipeline.wake() })
        let scanner = FolderScanner(
            root: WatchedRoot(path: root.path, expectedMounts: root.mounts),
            options: WatchOptions(settings))
        try scanner.scan(
            shouldStop: { [stopSignal] in stopSignal.stopped },
            handler: { events in recorder.record(events, ofRoot: 0) })
        guard !recorder.takeRescanRequest() else {
            throw IncompletePass(folder: folder)
        }
    }
}

/// A pass that could not record all that it saw.
struct IncompletePass: Error, CustomStringConvertible {
    let folder: FilePath
    var description: String {
        "\(folder): not everything could be recorded; nothing was lost, run the scan again"
    }
}
