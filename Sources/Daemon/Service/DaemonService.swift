public import Captioning
public import Catalogue
import FileSystem
import FolderWatching
public import Logging
import MediaDecoding
import Synchronization
public import SystemPackage

/// The daemon: watches the folders, keeps the catalogue true to them, describes what is new.
public final class DaemonService: StoppableWork {
    private let pipeline: DescribingPipeline
    private let watcher: FolderWatcher
    private let housekeeper: Housekeeper
    private let wakeFile: WakeFile
    private let notifier: ServiceNotifier
    private let catalogue: Catalogue
    private let news: WakeSignal
    private let onProgress: (@Sendable (WorkProgress) -> Void)?
    /// `nil` where sidecars are not written by themselves.
    private let sidecars: SidecarWorker?
    private let isHandedOver = Atomic(false)

    /// Builds the daemon; nothing runs yet.
    ///
    /// - Parameters:
    ///   - settings: With the folders to watch.
    ///   - catalogue: Opened as its owner.
    ///   - captioner: Looks at the pictures.
    ///   - decoderProgram: The decoding child.
    ///   - logger: Where messages go.
    ///   - program: The program's version, for people who look at who works for the library.
    ///   - onEvent: Told what became of each file.
    ///   - onProgress: Told how much is done and left, if anybody wants to know.
    /// - Throws: `CatalogueError`; `Errno` from listening to the wake file.
    public init(
        settings: Settings, catalogue: Catalogue, captioner: Captioner, decoderProgram: FilePath,
        logger: Logger, program: String = "",
        onEvent: @escaping @Sendable (DescribingEvent) -> Void,
        onProgress: (@Sendable (WorkProgress) -> Void)? = nil
    ) throws {
        let notifier = ServiceNotifier()
        let news = WakeSignal()
        let sidecars = try SidecarWorker(
            settings, catalogue: catalogue, decoderProgram: decoderProgram, logger: logger)
        var options = DescribingPipeline.Options(
            settings, decoderProgram: decoderProgram, isPatient: true)
        (options.queue, options.queueWindow) = (settings.workersQueue, settings.workersWindow)
        options.program = program
        let pipeline = DescribingPipeline(
            catalogue: catalogue, captioner: captioner, options: options,
            notifier: notifier, logger: logger,
            onEvent: { event in
                onEvent(event)
                sidecars?.wake()
            }, onDrained: { news.notify() })
        let watched = try SidecarFolderRoot.add(to: settings, catalogue)
        let roots = watched.map(\.root)
        try catalogue.watchOnly(roots.map(\.id))
        let recorder = WatchEventRecorder(
            catalogue: catalogue, roots: roots, logger: logger,
            onNews: {
                pipeline.wake()
                news.notify()
            })
        let watcher = try FolderWatcher(
            roots: watched.map(\.folder),
            options: WatchOptions(settings),
            handler: { index, events in recorder.record(events, ofRoot: index) })
        housekeeper = Housekeeper(
            catalogue: catalogue, grace: settings.grace, news: news, recorder: recorder,
            rescan: { watcher.rescan() }, logger: logger, onRemoval: { pipeline.wake() })
        self.onProgress = onProgress
        self.sidecars = sidecars
        wakeFile = try WakeFile(for: catalogue.path)
        self.pipeline = pipeline
        self.watcher = watcher
        self.notifier = notifier
        self.catalogue = catalogue
        self.news = news
    }

    /// Works until `stop`.
    ///
    /// - Throws: What keeps the daemon from going on: the catalogue, the model, the kernel.
    public func run() throws {
        let threads = ThreadGroup { [self] in stop() }
        threads.start("watching") { [self] in try watcher.run() }
        threads.start("housekeeping") { [self] in housekeeper.run() }
        threads.start("listening") { [self] in
            wakeFile.listen {
                pipeline.wake()
                sidecars?.wake()
            }
        }
        if let sidecars { threads.start("sidecars") { sidecars.run() } }
        threads.start("pipeline") { [self] in try pipeline.run() }
        if let onProgress {
            threads.start("progress") { [self] in try pipeline.followProgress(onProgress) }
        }
        notifier.ready()
        defer { catalogue.close() }
        try threads.wait()
    }

    /// Ends every thread soon, so that another daemon goes on with what is left: work in hand goes back to the queue.
    public func handOver() {
        isHandedOver.store(true, ordering: .releasing)
        stop()
    }

    /// Ends every thread soon.
    public func stop() {
        if !isHandedOver.load(ordering: .acquiring) { notifier.stopping() }
        pipeline.stop()
        watcher.stop()
        wakeFile.stop()
        sidecars?.stop()
        news.stop()
    }
}

extension WatchOptions {
    /// Takes what the settings say.
    init(_ settings: Settings) {
        self.init()
        settleTime = settings.settle
        pollInterval = settings.poll
        followsLinks = settings.followsLinks
    }
}
