import CLinux
import FileSystem
public import SystemPackage

/// Watches folders and reports which media files are there, settled and whole.
///
/// One watcher serves all folders of a program from one thread. At rest it sleeps without a timer.
public final class FolderWatcher: Sendable {
    /// Opens a source of messages; called on the watcher's thread.
    public typealias EventSourceOpener = @Sendable () throws(Errno) -> any FileEventSource

    private let roots: [WatchedRoot]
    private let options: WatchOptions
    private let openEvents: EventSourceOpener
    private let volumes: any VolumeSource
    private let clock: WatchClock
    private let handler: WatchHandler
    private let signal: WatchSignal

    /// Prepares to watch folders.
    ///
    /// - Parameters:
    ///   - roots: The folders; absolute paths, none inside another. They need not exist now.
    ///   - options: How they are watched.
    ///   - openEvents: Opens the source of messages; inotify by default.
    ///   - handler: Takes events, in batches, on the thread that calls `run`. While it works, messages
    ///     wait in the kernel; if they become too many, everything is looked at anew.
    /// - Throws: `FolderWatchingError` when roots overlap or a path is not absolute.
    public convenience init(
        roots: [WatchedRoot], options: WatchOptions = WatchOptions(),
        openEvents: @escaping EventSourceOpener = { () throws(Errno) in try Inotify() },
        handler: @escaping WatchHandler
    ) throws(FolderWatchingError) {
        try self.init(
            roots: roots, options: options, openEvents: openEvents,
            volumes: ProcessMounts(), clock: .system, handler: handler)
    }

    /// The same with mounts and clocks that a test holds in its hand.
    init(
        roots: [WatchedRoot], options: WatchOptions, openEvents: @escaping EventSourceOpener,
        volumes: any VolumeSource, clock: WatchClock,
        handler: @escaping WatchHandler
    ) throws(FolderWatchingError) {
        try WatchedRoot.validate(roots)
        self.roots = roots
        self.options = options
        self.openEvents = openEvents
        self.volumes = volumes
        self.clock = clock
        self.handler = handler
        do {
            signal = try WatchSignal()
        } catch {
            throw FolderWatchingError("watching cannot begin: \(error)", cause: error)
        }
    }

    /// Watches until `stop` is called; blocks the calling thread, so that it wants one of its own.
    ///
    /// - Throws: `FolderWatchingError` when the kernel refuses what watching needs.
    public func run() throws(FolderWatchingError) {
        do {
            try watch()
        } catch {
            throw FolderWatchingError("watching has ended: \(error)", cause: error)
        }
    }

    /// Ends `run`, now or as soon as it is called; from any thread.
    public func stop() {
        signal.stop()
    }

    /// Looks at every folder anew, offline ones too; from any thread.
    public func rescan() {
        signal.rescan()
    }

    private func watch() throws(Errno) {
        let (events, problem) = openedEvents()
        let loop = try EventLoop()
        try loop.add(signal.descriptor, interest: EPOLLIN.rawValue)
        if let events { try loop.add(events.descriptor, interest: EPOLLIN.rawValue) }
        if let descriptor = volumes.descriptor {
            try loop.add(descriptor, interest: volumes.interest)
        }
        let signal = signal
        let engine = WatchEngine(
            roots: roots, options: options, pollsUnwatched: true,
            environment: .init(
                events: events, volumes: volumes, clock: clock,
                isStopped: { signal.isStopped }, handler: handler))
        if let problem, !roots.isEmpty { engine.notice(problem, root: 0) }
        engine.start()
        while !signal.isStopped {
            if signal.takeRescan() { engine.rescan() }
            try engine.turn()
            guard !signal.isStopped, !engine.hasWork else { continue }
            try loop.sleep(until: engine.nextDeadline)
        }
    }

    /// Opens the source of messages; without one everything is polled.
    private func openedEvents() -> (events: (any FileEventSource)?, problem: String?) {
        guard !options.forcesPolling else { return (nil, nil) }
        do {
            return (try openEvents(), nil)
        } catch {
            let seconds = options.pollInterval.components.seconds
            let advice = """
                Changes are not reported by the kernel (\(error)); folders are looked at every \
                \(seconds) s instead. If too many programs watch files, raise \
                fs.inotify.max_user_instances.
                """
            return (nil, advice)
        }
    }
}

extension WatchedRoot {
    /// Makes sure that every file belongs to one root.
    ///
    /// - Throws: `FolderWatchingError`, which names the root.
    static func validate(_ roots: [WatchedRoot]) throws(FolderWatchingError) {
        var seen: [(given: FilePath, resolved: FilePath)] = []
        for root in roots {
            guard root.path.isAbsolute else {
                throw FolderWatchingError(
                    "\(root.path) cannot be watched: give its absolute path", path: root.path)
            }
            let normal = root.path.lexicallyNormalized()
            let resolved = (try? normal.resolvingLinks()) ?? normal
            for (given, other) in seen {
                if resolved == other {
                    throw FolderWatchingError(
                        "\(root.path) and \(given) are the same folder: name it once",
                        path: root.path)
                }
                if resolved.starts(with: other) || other.starts(with: resolved) {
                    let (outer, inner) =
                        resolved.starts(with: other) ? (given, root.path) : (root.path, given)
                    throw FolderWatchingError(
                        "\(inner) lies in \(outer), which is watched with all that is in it: "
                            + "leave one of the two out", path: root.path)
                }
            }
            seen.append((root.path, resolved))
        }
    }
}
