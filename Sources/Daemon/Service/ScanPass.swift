public import Captioning
public import Catalogue
public import FileSystem
import FolderWatching
import Foundation
public import Logging
import MediaDecoding
import Synchronization
public import SystemPackage

/// One look through the folders that describes what is new, and ends.
public final class ScanPass: StoppableWork {
    private let pipeline: DescribingPipeline
    private let catalogue: Catalogue
    private let settings: Settings
    private let recorder: WatchEventRecorder
    private let scanner: FolderScanner
    private let onProgress: @Sendable (WorkProgress) -> Void
    private let leftOut: PassedOverCounts
    private let finished = Atomic(false)
    /// `nil` where sidecars are not written by themselves.
    private let sidecars: SidecarWorker?

    /// Whether nothing was left to do when the pass ended; it was stopped before that otherwise.
    public var isFinished: Bool { finished.load(ordering: .acquiring) }

    /// Builds a pass; nothing runs yet.
    ///
    /// - Parameters:
    ///   - settings: With the folders to look through.
    ///   - catalogue: Opened as its owner.
    ///   - captioner: Looks at the pictures.
    ///   - decoderProgram: The decoding child.
    ///   - logger: Where messages go.
    ///   - onEvent: Told what became of each file.
    ///   - onProgress: Told how much is done and left.
    /// - Throws: `CatalogueError`; `FolderWatchingError` where folders overlap.
    public init(
        settings: Settings, catalogue: Catalogue, captioner: Captioner, decoderProgram: FilePath,
        logger: Logger, onEvent: @escaping @Sendable (DescribingEvent) -> Void,
        onProgress: @escaping @Sendable (WorkProgress) -> Void
    ) throws {
        self.settings = settings
        self.catalogue = catalogue
        self.onProgress = onProgress
        let sidecars = try SidecarWorker(
            settings, catalogue: catalogue, decoderProgram: decoderProgram, logger: logger)
        let pipeline = DescribingPipeline(
            catalogue: catalogue, captioner: captioner,
            options: .init(settings, decoderProgram: decoderProgram, isPatient: false),
            logger: logger,
            onEvent: { event in
                onEvent(event)
                sidecars?.wake()
            })
        let watched = try SidecarFolderRoot.add(to: settings, catalogue)
        let roots = watched.map(\.root)
        try catalogue.watchOnly(roots.map(\.id))
        let leftOut = PassedOverCounts()
        self.leftOut = leftOut
        let recorder = WatchEventRecorder(
            catalogue: catalogue, roots: roots, logger: logger, onNews: { pipeline.wake() },
            onPassedOver: { root, counts in leftOut.note(counts, of: root) })
        scanner = try FolderScanner(
            roots: watched.map(\.folder),
            options: WatchOptions(settings),
            handler: { index, events in recorder.record(events, ofRoot: index) })
        self.recorder = recorder
        self.sidecars = sidecars
        self.pipeline = pipeline
    }

    /// Looks through the folders and works until nothing is left to do, or until `stop`.
    ///
    /// - Throws: What keeps the pass from going on: the catalogue or the model.
    public func run() throws {
        let threads = ThreadGroup { [self] in end() }
        threads.start("pipeline") { [self] in try pipeline.run() }
        threads.start("scanning") { [self] in try scan() }
        if let sidecars { threads.start("sidecars") { sidecars.run() } }
        defer { catalogue.close() }
        try threads.wait()
    }

    /// Ends the pass soon; what is not done is done next time.
    public func stop() {
        sidecars?.stop()
        end()
    }

    /// Ends the others when one thread has ended; sidecars may have something left to write.
    private func end() {
        scanner.stop()
        pipeline.stop()
        if !isFinished { sidecars?.stop() }
    }

    private func scan() throws {
        try scanner.run()
        guard !recorder.takeRescanRequest(), recorder.writeStates() else {
            throw IncompletePass()
        }
        _ = try catalogue.removeExpired(grace: settings.grace)
        if try pipeline.waitUntilDrained(onProgress) {
            finished.store(true, ordering: .releasing)
        }
        sidecars?.finish()
    }

    /// What was left out of all folders for its name, kind or extension.
    public var passedOver: [PassedOver] { leftOut.all }
}

/// What passes over several roots left out, the latest of each.
final class PassedOverCounts: Sendable {
    private let counts = Mutex<[FilePath: PassedOver]>([:])

    /// Takes in what a pass over a root left out.
    func note(_ passedOver: PassedOver, of root: FilePath) {
        counts.withLock { $0[root] = passedOver }
    }

    /// Those of each root.
    var all: [PassedOver] { counts.withLock { Array($0.values) } }
}

/// A pass that could not record all that it saw.
struct IncompletePass: Error, CustomStringConvertible {
    let description =
        "not everything that was seen could be recorded; nothing was lost, run the scan again"
}
