import FileSystem
import SystemPackage

/// The watcher's work, one turn at a time, on one thread.
///
/// Events never carry truth: a message marks a path, `stat` decides. Everything that is reported was
/// seen on disk after the watch that would tell of its change was in place.
final class WatchEngine {
    /// Where events come from and go to, and what may be replaced by tests.
    struct Environment {
        /// nil: nothing is watched.
        var events: (any FileEventSource)?
        var volumes: any VolumeSource
        var clock = WatchClock.system
        var isStopped: () -> Bool
        var handler: WatchHandler
    }

    /// Above so many unsettled files scanning waits for some to settle: memory is bounded.
    static let maximumUnsettled = 65_536
    /// Above so many messages in memory they are dropped and everything is looked at anew.
    static let maximumPendingEvents = 262_144
    /// So many different notices are given; a broken disk could make one for each directory.
    static let maximumNotices = 64
    /// How long directories are scanned before messages are looked at again.
    static let slice: Int64 = 20_000_000

    let options: WatchOptions
    let environment: Environment
    let names: NameRules
    let links: LinkResolver
    let lookup: FileLookup
    let pollsUnwatched: Bool
    var roots: [RootState]
    var table = WatchTable()
    var tracker: SettleTracker
    var judge: AgeJudge
    /// Directories to scan, the next one last.
    var scans: [(directory: DirectoryID, root: Int)] = []
    var pendingEvents: [FileEvent] = []
    var needsRescan = false
    /// Watches that were ended and whose last messages may still be in the kernel's queue.
    var retired: Set<WatchDescriptor> = []
    /// Watches that were ended and whose last messages may still be in `pendingEvents`.
    var retiring: Set<WatchDescriptor> = []
    /// Watches on directories above offline roots.
    var ancestorWatches: [WatchDescriptor: Set<Int>] = [:]
    /// What links lead to.
    var linkTargets = LinkTargets()
    /// Watches on folders that links lead into; a directory of the table may have the same.
    var targetWatches: [WatchDescriptor: FilePath] = [:]
    /// The same by folder.
    var targetFolders: [FilePath: WatchDescriptor] = [:]
    /// Links to look at, since something happened to what they lead to.
    var dueLinks: Set<LinkTargets.Link> = []
    /// Folders that are gone from where they were, with all below them.
    var droppedFolders: Set<FilePath> = []
    var suspectRoots: Set<Int> = []
    /// Directories to look at again soon.
    var retries: RetrySchedule
    /// Roots with mounts that could not be looked at.
    var uncertainRoots: Set<Int> = []
    /// The number of the mounts as they were last followed up.
    private var mountGeneration = -1
    var watchesExhausted = false
    var pollDeadline: Int64?
    var pollStart: Int64?
    var offlineDeadline: Int64?
    private var batches: [[WatchEvent]]
    private var batchWeight = 0
    private var notices: Set<String> = []
    private var lastPath: (directory: DirectoryID, path: FilePath)?

    /// Prepares to watch; `pollsUnwatched` is false for a single pass, and directories without a watch
    /// are then looked at only once.
    init(
        roots: [WatchedRoot], options: WatchOptions, pollsUnwatched: Bool, environment: Environment
    ) {
        self.options = options
        self.environment = environment
        self.pollsUnwatched = pollsUnwatched
        self.roots = roots.map(RootState.init)
        names = NameRules(options)
        let settleTime = max(options.settleTime.nanoseconds, 1)
        tracker = SettleTracker(settleTime: settleTime)
        let paths = roots.map(\.path)
        links = LinkResolver(
            roots: paths, followsLinks: options.followsLinks, volumes: environment.volumes)
        lookup = FileLookup(
            roots: paths, followsLinks: options.followsLinks, volumes: environment.volumes)
        // A single pass tries a few times, and leaves the rest to the next one.
        retries = RetrySchedule(
            longestPause: options.pollInterval.nanoseconds,
            maximumAttempts: pollsUnwatched ? nil : 3)
        judge = AgeJudge(clock: environment.clock, settleTime: settleTime)
        batches = roots.map { _ in [] }
    }

    /// Whether there is more to do at once.
    var hasWork: Bool {
        needsRescan || !pendingEvents.isEmpty || !dueLinks.isEmpty || !droppedFolders.isEmpty
            || (!scans.isEmpty && tracker.count < Self.maximumUnsettled)
    }

    /// When there will be something to do even if nothing happens; nil at rest.
    var nextDeadline: Int64? {
        // Files that settle within a moment of each other are reported together.
        let slack = options.settleTime.nanoseconds / 16
        return [
            tracker.nextDeadline.map { $0 + slack }, pollDeadline, offlineDeadline,
            retries.deadline,
        ]
        .compactMap { $0 }.min()
    }

    /// Looks at every root for the first time.
    func start() {
        mountGeneration = environment.volumes.mounts().generation
        for root in roots.indices { check(root) }
        flush()
    }

    /// Does what there is to do, for a short while.
    ///
    /// - Throws: `Errno`, when the source of messages fails.
    func turn() throws(Errno) {
        try readEvents()
        followMounts()
        dispatchEvents()
        reportDueFiles()
        let now = environment.clock.monotonic()
        if let offlineDeadline, now >= offlineDeadline { checkOfflineRoots() }
        retryUnknown()
        if let pollDeadline, now >= pollDeadline { poll() }
        scanForAWhile()
        examineDueLinks()
        flush()
    }

    /// Follows up what was mounted and unmounted since the last time.
    private func followMounts() {
        let generation = environment.volumes.mounts().generation
        guard generation != mountGeneration else { return }
        mountGeneration = generation
        mountsChanged()
    }

    /// Where a directory is.
    func absolutePath(of directory: DirectoryID) -> FilePath {
        if let lastPath, lastPath.directory == directory { return lastPath.path }
        let anchor = anchor(of: directory)
        var below = table.path(of: directory)
        _ = below.removePrefix(anchor.path)
        let path = anchor.location.appending(below.components)
        lastPath = (directory, path)
        return path
    }

    /// What a directory's place below the root is counted from: the root, or the nearest link above.
    func anchor(of directory: DirectoryID) -> Anchor {
        if let link = table.nearestLink(of: directory), let target = table[link].linkTarget {
            return Anchor(path: table.path(of: link), location: target)
        }
        return Anchor(path: FilePath(), location: roots[table[directory].root].location)
    }

    /// Takes note that a link stands in a directory's place, and where it leads.
    func setLinkTarget(_ location: FilePath, of directory: DirectoryID) {
        table[directory].linkTarget = location
        lastPath = nil
    }

    /// Reports an event of a root, sooner or later.
    func emit(_ event: WatchEvent, root: Int) {
        batches[root].append(event)
        batchWeight += 1
        if case .listing(let listing) = event { batchWeight += listing.files.count }
        if batchWeight >= options.maximumBatch { flush() }
    }

    /// Says something once.
    func notice(_ text: String, root: Int) {
        guard notices.count < Self.maximumNotices, notices.insert(text).inserted else { return }
        let isLast = notices.count == Self.maximumNotices
        emit(.notice(isLast ? text + " (further problems are not reported)" : text), root: root)
    }

    /// Hands on what was reported.
    func flush() {
        guard batchWeight > 0 else { return }
        batchWeight = 0
        for root in batches.indices where !batches[root].isEmpty {
            let events = batches[root]
            batches[root] = []
            environment.handler(root, events)
        }
    }
}
