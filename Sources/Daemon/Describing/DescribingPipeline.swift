public import Captioning
public import Catalogue
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
    private let work = BoundedQueue<DescribingWork>(capacity: Captioner.mostPictures)
    private let idle: Duration

    /// What a pipeline needs beside the catalogue and the model.
    public struct Options: Sendable {
        /// The decoding child's program.
        public var decoderProgram: FilePath
        /// Bounds on the decoding children.
        public var limits: DecoderLimits
        /// Number of decoding threads, each with a child.
        public var decoders: Int
        /// How long a file must stand still.
        public var settle: Duration
        /// Time without work after which the model is given back.
        public var idle: Duration
        /// Whether to wait for a full disk to have room again rather than to give up.
        public var waitsForStorage: Bool

        /// Takes what the settings say.
        public init(_ settings: Settings, decoderProgram: FilePath, waitsForStorage: Bool) {
            self.decoderProgram = decoderProgram
            limits = settings.decoderLimits
            decoders = settings.decoders
            settle = settings.settle
            idle = settings.idle
            self.waitsForStorage = waitsForStorage
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
        context = PipelineContext(
            catalogue: catalogue, captioner: captioner, owner: "pid \(getpid())",
            settle: options.settle, signal: signal, progress: WakeSignal(),
            patience: StoragePatience(
                isPatient: options.waitsForStorage, signal: signal, logger: logger,
                onPatience: { notifier.workLoopAdvanced() }),
            notifier: notifier, logger: logger, onEvent: onEvent, onDrained: onDrained)
        decoders = (0..<options.decoders).map { _ in
            Decoder(executable: options.decoderProgram, limits: options.limits)
        }
        idle = options.idle
    }

    /// Works until `stop`; blocks until every thread has ended.
    ///
    /// - Throws: The first error that kept a thread from going on.
    public func run() throws {
        // When one thread ends, for whatever reason, the others do.
        let threads = ThreadGroup { [self] in stop() }
        threads.start("describing") { [self] in
            try DescribingWorker(context: context, input: work, idle: idle).run()
        }
        for (index, decoder) in decoders.enumerated() {
            threads.start("decoding-\(index)") { [self] in
                try DecodingWorker(context: context, decoder: decoder, output: work).run()
            }
        }
        try threads.wait()
    }

    /// Tells the pipeline that there may be new jobs.
    public func wake() { context.signal.notify() }

    /// Ends everything soon; jobs under way go back to the queue.
    public func stop() {
        context.signal.stop()
        for decoder in decoders { decoder.cancel() }
        work.close()
        context.progress.stop()
    }

    /// Blocks until the queue is empty or the pipeline stopped; for a single pass.
    ///
    /// Counting a long queue takes milliseconds during which no result can be stored, so that it
    /// takes up a tenth of the time at most.
    ///
    /// - Parameter onProgress: Told now and then how many jobs are left.
    /// - Throws: `CatalogueError`, and what `onProgress` throws.
    public func waitUntilDrained(onProgress: (_ pending: Int) throws -> Void = { _ in }) throws {
        while !context.progress.stopped {
            let mark = context.progress.mark()
            let start = ContinuousClock.now
            let pending = try context.catalogue.pending().total
            let effort = ContinuousClock.now - start
            try onProgress(pending)
            guard pending > 0 else { return }
            context.progress.wait(since: mark, until: nil)
            rest(for: effort * 9)
        }
    }

    /// Lets time pass, whatever the news, but for the stop.
    private func rest(for pause: Duration) {
        let end = Date() + pause / .seconds(1)
        while Date() < end, !context.progress.stopped {
            context.progress.wait(since: context.progress.mark(), until: end)
        }
    }
}
