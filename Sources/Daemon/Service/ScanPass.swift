public import Captioning
public import Catalogue
import FileSystem
import FolderWatching
import Foundation
public import Logging
import MediaDecoding
public import SystemPackage

/// One look through the folders that describes what is new, and ends.
public final class ScanPass: StoppableWork {
    private let pipeline: DescribingPipeline
    private let catalogue: Catalogue
    private let settings: Settings
    private let recorder: WatchEventRecorder
    private let scanner: FolderScanner
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
    /// - Throws: `CatalogueError`; `FolderWatchingError` where folders overlap.
    public init(
        settings: Settings, catalogue: Catalogue, captioner: Captioner, decoderProgram: FilePath,
        logger: Logger, onEvent: @escaping @Sendable (DescribingEvent) -> Void,
        onProgress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) throws {
        self.settings = settings
        self.catalogue = catalogue
        self.onProgress = onProgress
        let pipeline = DescribingPipeline(
            catalogue: catalogue, captioner: captioner,
            options: .init(settings, decoderProgram: decoderProgram, waitsForStorage: false),
            logger: logger, onEvent: onEvent)
        let roots = try settings.folders.map { try catalogue.root(at: $0) }
        try catalogue.watchOnly(roots.map(\.id))
        let recorder = WatchEventRecorder(
            catalogue: catalogue, roots: roots, logger: logger, onNews: { pipeline.wake() })
        scanner = try FolderScanner(
            roots: roots.map { WatchedRoot(path: $0.path) },
            options: WatchOptions(settings),
            handler: { index, events in recorder.record(events, ofRoot: index) })
        self.recorder = recorder
        self.pipeline = pipeline
    }

    /// Looks through the folders and works until nothing is left to do, or until `stop`.
    ///
    /// - Throws: What keeps the pass from going on: the catalogue or the model.
    public func run() throws {
        let threads = ThreadGroup { [self] in stop() }
        threads.start("pipeline") { [self] in try pipeline.run() }
        threads.start("scanning") { [self] in try scan() }
        defer { catalogue.close() }
        try threads.wait()
    }

    /// Ends the pass soon; what is not done is done next time.
    public func stop() {
        scanner.stop()
        pipeline.stop()
    }

    private func scan() throws {
        try scanner.run()
        guard !recorder.takeRescanRequest() else { throw IncompletePass() }
        _ = try catalogue.removeExpired(grace: settings.grace)
        var most = 0
        try pipeline.waitUntilDrained { [self] pending in
            most = max(most, pending)
            onProgress(most - pending, most)
        }
    }
}

/// A pass that could not record all that it saw.
struct IncompletePass: Error, CustomStringConvertible {
    let description =
        "not everything that was seen could be recorded; nothing was lost, run the scan again"
}
