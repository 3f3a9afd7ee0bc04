import CLinux
import FileSystem
import SystemPackage

/// Looks at folders once: the same listings as a watcher's first pass, then it is done.
public final class FolderScanner: Sendable {
    private let roots: [WatchedRoot]
    private let options: WatchOptions
    private let patience: Duration
    private let handler: WatchHandler
    private let signal: WatchSignal

    /// Prepares one pass over folders.
    ///
    /// - Parameters:
    ///   - roots: The folders; absolute paths, none inside another.
    ///   - options: What counts as media, what is ignored, when a file is settled.
    ///   - patience: How long files that are still being written are waited for after the last
    ///     directory was listed.
    ///   - handler: Takes events, in batches, on the thread that calls `run`.
    /// - Throws: `FolderWatchingError` when roots overlap or a path is not absolute.
    public init(
        roots: [WatchedRoot], options: WatchOptions = WatchOptions(),
        patience: Duration = .seconds(60), handler: @escaping WatchHandler
    ) throws(FolderWatchingError) {
        try WatchedRoot.validate(roots)
        self.roots = roots
        self.options = options
        self.patience = patience
        self.handler = handler
        do {
            signal = try WatchSignal()
        } catch {
            throw FolderWatchingError("scanning cannot begin: \(error)", cause: error)
        }
    }

    /// Makes the pass; blocks the calling thread until every directory was listed and every file has
    /// settled, the patience is at an end, or `stop` was called.
    ///
    /// Roots that cannot be looked at are reported as offline.
    ///
    /// - Throws: `FolderWatchingError` when the kernel refuses what scanning needs.
    public func run() throws(FolderWatchingError) {
        do {
            try scan()
        } catch {
            throw FolderWatchingError("scanning has ended: \(error)", cause: error)
        }
    }

    /// Ends `run`, now or as soon as it is called; from any thread.
    public func stop() {
        signal.stop()
    }

    private func scan() throws(Errno) {
        let loop = try EventLoop()
        try loop.add(signal.descriptor, interest: EPOLLIN.rawValue)
        let clock = WatchClock.system
        let signal = signal
        let engine = WatchEngine(
            roots: roots, options: options, pollsUnwatched: false,
            environment: .init(
                events: nil, volumes: ProcessMounts(), clock: clock,
                isStopped: { signal.isStopped }, handler: handler))
        engine.start()
        var end: Int64?
        while !signal.isStopped {
            try engine.turn()
            guard !engine.hasWork else { continue }
            guard let deadline = engine.nextDeadline else { break }
            let limit = end ?? clock.monotonic() + patience.nanoseconds
            end = limit
            guard clock.monotonic() < limit else {
                engine.reportUnsettled()
                break
            }
            try loop.sleep(until: min(deadline, limit))
        }
    }
}
