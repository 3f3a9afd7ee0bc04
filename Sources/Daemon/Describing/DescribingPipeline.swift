public import Captioning
public import Catalogue
import FileSystem
import Foundation
import Glibc
public import Logging
public import MediaDecoding
public import SystemPackage

/// Empties the catalogue's job queue: decoding threads ahead, one describing thread behind them.
///
/// What is under way is bounded: one file a decoding thread, a batch of small pictures between them
/// and the model, and one in the model.
public final class DescribingPipeline: Sendable {
    private let context: PipelineContext
    private let decoders: [Decoder]
    /// Holds a batch, so that the next is complete when the last is done.
    private let work = BoundedQueue<DescribingWork>(
        capacity: Captioner.mostPictures, bytes: mostWaitingBytes, byteCount: \.byteCount)
    /// Pixels that may wait for the model: pictures are reduced first, but those that are looked at in
    /// high resolution, in blocks, are not.
    private static let mostWaitingBytes = 256 << 20
    private let idle: Duration
    /// `nil` where no other machine helps.
    private let desk: RemoteDesk?
    private let decodersForOthers: [Decoder]

    /// What a pipeline needs beside the catalogue and the model.
    public struct Options: Sendable {
        /// The decoding child's program.
        public var decoderProgram: FilePath
        /// Bounds on the decoding children.
        public var limits: DecoderLimits
        /// Number of decoding threads, each with a child.
        public var decoders: Int
        /// All folders whose files are described.
        public var roots: [FilePath]
        /// Whether links that lead out of them are followed.
        public var followsLinks: Bool
        /// How long a file must stand still.
        public var settle: Duration
        /// How long what is missing is kept.
        public var grace: Duration
        /// Time without work after which the model is given back.
        public var idle: Duration
        /// Where small pictures are put that are made ahead; `nil` where none are.
        public var thumbnails: ThumbnailStore?
        /// Whether to wait for a full disk to have room again, and for a model that was removed, rather
        /// than to give up.
        public var isPatient: Bool
        /// The queue by which other machines help, as a connection string; `nil` for none.
        public var queue: String?
        /// Most bytes of pixels that lie in it.
        public var queueWindow = 512 << 20
        /// The program's version, for people who look at the queue.
        public var program = ""

        /// Takes what the settings say.
        public init(_ settings: Settings, decoderProgram: FilePath, isPatient: Bool) {
            self.decoderProgram = decoderProgram
            limits = settings.decoderLimits
            decoders = settings.decoders
            roots = settings.folders
            followsLinks = settings.followsLinks
            settle = settings.settle
            grace = settings.grace
            idle = settings.idle
            thumbnails =
                settings.makesThumbnailsAhead
                ? ThumbnailStore(in: settings.thumbnails, bound: settings.thumbnailBytes) : nil
            self.isPatient = isPatient
        }
    }

    /// Builds a pipeline; nothing runs yet.
    ///
    /// - Parameters:
    ///   - catalogue: Opened as its owner.
    ///   - captioner: Looks at the pictures.
    ///   - options: Children, limits, times.
    ///   - notifier: Hears that the work loop gets on.
    ///   - logger: For what goes wrong beside single files.
    ///   - onEvent: Told what became of each file, on the thread that found out.
    ///   - onDrained: Told when no job is ready, on a decoding thread.
    public init(
        catalogue: Catalogue, captioner: Captioner, options: Options,
        notifier: ServiceNotifier = ServiceNotifier(environment: [:]), logger: Logger,
        onEvent: @escaping @Sendable (DescribingEvent) -> Void,
        onDrained: @escaping @Sendable () -> Void = {}
    ) {
        let signal = WakeSignal()
        let clock = WorkClock()
        let onPatience: @Sendable () -> Void = {
            notifier.workLoopAdvanced()
            clock.skip()
        }
        context = PipelineContext(
            catalogue: catalogue, captioner: captioner,
            lookup: FileLookup(roots: options.roots, followsLinks: options.followsLinks),
            owner: "pid \(getpid())", settle: options.settle, grace: options.grace, signal: signal,
            progress: WakeSignal(),
            patience: StoragePatience(
                isPatient: options.isPatient, signal: signal, logger: logger,
                onPatience: onPatience),
            modelPatience: ModelPatience(
                captioner: captioner, isPatient: options.isPatient, signal: signal, logger: logger,
                onPatience: onPatience),
            clock: clock, thumbnails: options.thumbnails, notifier: notifier, logger: logger,
            onEvent: onEvent, onDrained: onDrained)
        decoders = (0..<options.decoders).map { _ in
            Decoder(executable: options.decoderProgram, limits: options.limits)
        }
        idle = options.idle
        guard let queue = options.queue else {
            (desk, decodersForOthers) = (nil, [])
            return
        }
        desk = RemoteDesk(
            context: context, gate: WorkersGate(signal: signal), address: queue,
            window: options.queueWindow, program: options.program)
        decodersForOthers = (0..<options.decoders).map { _ in
            Decoder(executable: options.decoderProgram, limits: options.limits)
        }
    }

    /// Works until `stop`; blocks until every thread has ended.
    ///
    /// - Throws: The first error that kept a thread from going on.
    public func run() throws {
        try context.retryOlderVerdicts()
        if desk == nil { try takeBackFromOthers() }
        try context.retarget()
        // When one thread ends, for whatever reason, the others do.
        let threads = ThreadGroup { [self] in stop() }
        threads.start("describing") { [self] in
            try DescribingWorker(context: context, input: work, idle: idle).run()
        }
        threads.start("offering") { [self] in try OfferingWorker(context: context).run() }
        threads.start("indexing") { [self] in IndexingWorker(context: context).run() }
        for (index, decoder) in decoders.enumerated() {
            threads.start("decoding-\(index)") { [self] in
                try DecodingWorker(context: context, decoder: decoder, output: work).run()
            }
        }
        if let desk {
            threads.start("workers") { try desk.run() }
            for (index, decoder) in decodersForOthers.enumerated() {
                threads.start("for-others-\(index)") { [self] in
                    try DecodingWorker(
                        context: context, decoder: decoder, output: work, workers: desk.gate
                    ).run()
                }
            }
        }
        try threads.wait()
    }

    /// What other machines were given when they still helped.
    private func takeBackFromOthers() throws {
        try context.patience.run { () throws(CatalogueError) in
            try context.catalogue.takeBack(try context.catalogue.entrusted())
            guard try context.catalogue.help().now != HelpFromOthers() else { return }
            try context.catalogue.note(HelpFromOthers(), adding: HelpCounts())
        }
    }

    /// Tells the pipeline that there may be new jobs.
    public func wake() { context.signal.notify() }

    /// Ends everything soon; jobs under way go back to the queue.
    public func stop() {
        context.signal.stop()
        for decoder in decoders + decodersForOthers { decoder.cancel() }
        work.close()
        desk?.gate.stop()
        context.progress.stop()
    }

    /// Blocks until nothing is left to do or the pipeline stopped; for a single pass.
    ///
    /// - Parameter onProgress: Told now and then how far it is.
    /// - Returns: Whether nothing is left.
    /// - Throws: `CatalogueError`.
    func waitUntilDrained(_ onProgress: (WorkProgress) -> Void) throws -> Bool {
        try follow { progress in
            onProgress(progress)
            return progress.left == 0 && context.isTargeted
        }
    }

    /// Tells how far the work is until the pipeline stops.
    ///
    /// - Parameter onProgress: Told now and then.
    /// - Throws: `CatalogueError`.
    func followProgress(_ onProgress: (WorkProgress) -> Void) throws {
        _ = try follow { progress in
            onProgress(progress)
            return false
        }
    }

    /// Counts what is left, again and again, until that is enough or the pipeline stops.
    ///
    /// No result can be stored meanwhile, so that it takes up a tenth of the time at most, and no more often
    /// than a screen shows.
    private func follow(_ isEnough: (WorkProgress) -> Bool) throws -> Bool {
        while !context.progress.stopped {
            let mark = context.progress.mark()
            let start = ContinuousClock.now
            let progress = try context.patience.run { () throws(CatalogueError) in
                try context.catalogue.progress(
                    by: context.recipe, embeddingBy: context.lookingRecipe, onlyTheirWork: true)
            }
            let effort = ContinuousClock.now - start
            if isEnough(progress) { return true }
            context.progress.wait(since: mark, until: nil)
            context.progress.pause(for: max(effort * 9, .milliseconds(20)))
        }
        return false
    }
}
