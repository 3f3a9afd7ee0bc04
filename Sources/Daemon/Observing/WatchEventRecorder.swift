import Catalogue
import FileSystem
import FolderWatching
import Foundation
import Logging
import Synchronization
import SystemPackage

/// Writes what the watcher sees into the catalogue.
///
/// Runs on the watcher's thread. What cannot be written is not kept in memory: the folders
/// themselves still hold the truth, and a rescan finds it again.
final class WatchEventRecorder: Sendable {
    private let catalogue: Catalogue
    private let roots: [Root]
    private let logger: Logger
    private let onNews: @Sendable () -> Void
    private let mustRescan = Mutex(false)

    /// Records for roots in the watcher's order.
    ///
    /// - Parameters:
    ///   - catalogue: Opened as its owner.
    ///   - roots: The roots, as the watcher numbers them.
    ///   - logger: For roots that go and errors.
    ///   - onNews: Called after something changed that others wait for.
    init(
        catalogue: Catalogue, roots: [Root], logger: Logger,
        onNews: @escaping @Sendable () -> Void
    ) {
        self.catalogue = catalogue
        self.roots = roots
        self.logger = logger
        self.onNews = onNews
    }

    /// Whether observations were lost since this was last asked, so that a rescan is due.
    func takeRescanRequest() -> Bool {
        mustRescan.withLock { request in
            defer { request = false }
            return request
        }
    }

    /// Records a batch of one root.
    func record(_ events: [WatchEvent], ofRoot index: Int) {
        let root = roots[index]
        do {
            try record(events, of: root)
        } catch {
            let isFirst = mustRescan.withLock { request in
                defer { request = true }
                return !request
            }
            // Until the rescan one loss is as good as many, and a full disk loses every batch.
            guard isFirst else { return }
            logger.error("\(error); the folders are looked through again later")
            onNews()
        }
    }

    private func record(_ events: [WatchEvent], of root: Root) throws(CatalogueError) {
        var observations: [FileObservation] = []
        for event in events {
            if let observation = FileObservation(event) {
                observations.append(observation)
            } else {
                // Order matters: what was seen before a root went away belongs before it.
                try flush(&observations, of: root)
                try recordState(event, of: root)
            }
        }
        try flush(&observations, of: root)
    }

    private func flush(_ observations: inout [FileObservation], of root: Root)
        throws(CatalogueError)
    {
        guard !observations.isEmpty else { return }
        let outcome = try catalogue.observe(observations, in: root.id, at: Date())
        observations.removeAll(keepingCapacity: true)
        if outcome.queued > 0 || outcome.missing > 0 || outcome.returned > 0 { onNews() }
    }

    private func recordState(_ event: WatchEvent, of root: Root) throws(CatalogueError) {
        switch event {
        case .online(let volumes):
            try catalogue.setOnline(root.id, volumes: volumes)
            onNews()
        case .offline(let reason):
            logger.warning("\(root.path): offline: \(reason); what is known of it is kept")
            try catalogue.setOffline(root.id, reason: reason)
        case .notice(let text): logger.warning("\(root.path): \(text)")
        case .scanStarted: logger.debug("\(root.path): looking through")
        case .scanFinished:
            try catalogue.lookedThrough(root.id)
            logger.debug("\(root.path): looked through")
            onNews()
        case .settled, .absent, .listing, .passedOver: break
        }
    }
}

extension FileObservation {
    /// The observation that an event is, if it is one.
    init?(_ event: WatchEvent) {
        switch event {
        case .settled(let path, let status, let volume): self = .settled(path, status, volume)
        case .absent(let path, let volume): self = .absent(path, volume)
        case .listing(let listing): self = .listing(listing)
        case .scanStarted, .passedOver, .scanFinished, .online, .offline, .notice: return nil
        }
    }
}
