import Catalogue
import FileSystem
import FolderWatching
import Foundation
import Logging
import Synchronization
import SystemPackage

/// Writes what the watcher sees into the catalogue.
///
/// Runs on the watcher's thread. Observations that cannot be written are not kept in memory: the
/// folders themselves still hold the truth, and a rescan finds it again. What is known of the roots
/// (whether they can be read, and what is mounted) is kept, the latest of each root, until it is
/// written.
final class WatchEventRecorder: Sendable {
    private let catalogue: Catalogue
    private let roots: [Root]
    private let logger: Logger
    private let onNews: @Sendable () -> Void
    private let onPassedOver: @Sendable (FilePath, PassedOver) -> Void
    private let arrears: Mutex<[RootArrears]>
    /// Held while a state is written: by the watcher's thread, and by the housekeeper's.
    private let writing = Mutex(())

    /// What is not yet in the catalogue of a root.
    private struct RootArrears {
        /// Whether the root can be read, if that is not written yet.
        var state: RootState?
        /// Since when all of the root has been looked at, if that is not written yet.
        var lookedThrough: Date?
        /// What the last pass left out, if that is not written yet.
        var passedOver: PassedOver?
        /// Whether observations were lost since a pass began, so that it has not seen everything.
        var isIncomplete = false
        /// Whether a rescan is due.
        var wantsRescan = false
        /// Grows with each state that is remembered.
        var version = 0

        var hasAny: Bool {
            state != nil || lookedThrough != nil || passedOver != nil || wantsRescan
        }
    }

    private enum RootState {
        case online([Volume])
        case offline(reason: String)
    }

    /// Records for roots in the watcher's order.
    ///
    /// - Parameters:
    ///   - catalogue: Opened as its owner.
    ///   - roots: The roots, as the watcher numbers them.
    ///   - logger: For roots that go and errors.
    ///   - onNews: Called after something changed that others wait for.
    ///   - onPassedOver: Told what a pass over a root left out.
    init(
        catalogue: Catalogue, roots: [Root], logger: Logger,
        onNews: @escaping @Sendable () -> Void,
        onPassedOver: @escaping @Sendable (FilePath, PassedOver) -> Void = { _, _ in }
    ) {
        self.catalogue = catalogue
        self.roots = roots
        self.logger = logger
        self.onNews = onNews
        self.onPassedOver = onPassedOver
        arrears = Mutex(roots.map { _ in RootArrears() })
    }

    /// Whether anything is left to be made up for.
    var hasArrears: Bool { arrears.withLock { $0.contains(where: \.hasAny) } }

    /// Whether observations were lost since this was last asked, so that a rescan is due.
    func takeRescanRequest() -> Bool {
        arrears.withLock { arrears in
            defer { for index in arrears.indices { arrears[index].wantsRescan = false } }
            return arrears.contains(where: \.wantsRescan)
        }
    }

    /// Writes the states of roots that are not written yet.
    ///
    /// - Returns: Whether all are written now.
    func writeStates() -> Bool {
        do {
            for index in roots.indices { try writeState(ofRoot: index) }
            return true
        } catch {
            return false
        }
    }

    /// Records a batch of one root.
    func record(_ events: [WatchEvent], ofRoot index: Int) {
        do {
            // Order matters: what is seen in a root counts only once it is online.
            try writeState(ofRoot: index)
            try record(events, ofIndex: index)
        } catch {
            for event in events { remember(event, ofRoot: index) }
            let isFirst = arrears.withLock { arrears in
                let isFirst = !arrears.contains(where: \.wantsRescan)
                arrears[index].wantsRescan = true
                arrears[index].isIncomplete = true
                arrears[index].lookedThrough = nil
                return isFirst
            }
            // Until the rescan one loss is as good as many, and a full disk loses every batch.
            guard isFirst else { return }
            logger.error("\(error); the folders are looked through again later")
            onNews()
        }
    }

    private func record(_ events: [WatchEvent], ofIndex index: Int) throws(CatalogueError) {
        var observations: [FileObservation] = []
        for event in events {
            if let observation = FileObservation(event) {
                observations.append(observation)
            } else {
                // What was seen before a root went away belongs before it.
                try flush(&observations, of: roots[index])
                tell(event, of: roots[index])
                remember(event, ofRoot: index)
                try writeState(ofRoot: index)
            }
        }
        try flush(&observations, of: roots[index])
    }

    private func flush(_ observations: inout [FileObservation], of root: Root)
        throws(CatalogueError)
    {
        guard !observations.isEmpty else { return }
        let outcome = try catalogue.observe(
            observations, in: root.id, at: Date(), whenQueued: onNews)
        observations.removeAll(keepingCapacity: true)
        if outcome.queued > 0 || outcome.missing > 0 || outcome.returned > 0 { onNews() }
    }

    /// Keeps what an event says of the root itself; the latest holds.
    private func remember(_ event: WatchEvent, ofRoot index: Int) {
        arrears.withLock { arrears in
            arrears[index].version += 1
            switch event {
            case .online(let volumes):
                arrears[index].state = .online(volumes)
                arrears[index].lookedThrough = nil
            case .offline(let reason):
                arrears[index].state = .offline(reason: reason)
                arrears[index].lookedThrough = nil
            case .scanStarted: arrears[index].isIncomplete = false
            case .scanFinished:
                if !arrears[index].isIncomplete { arrears[index].lookedThrough = Date() }
            case .passedOver(let counts): arrears[index].passedOver = counts
            case .settled, .absent, .lostName, .listing, .notice: break
            }
        }
    }

    private func writeState(ofRoot index: Int) throws(CatalogueError) {
        let isNews = try writing.withLock { _ throws(CatalogueError) in
            try writeNextState(ofRoot: index)
        }
        if isNews { onNews() }
    }

    private func writeNextState(ofRoot index: Int) throws(CatalogueError) -> Bool {
        let root = roots[index]
        let due = arrears.withLock { $0[index] }
        switch due.state {
        case .online(let volumes): try catalogue.setOnline(root.id, volumes: volumes)
        case .offline(let reason): try catalogue.setOffline(root.id, reason: reason)
        case nil: break
        }
        if let moment = due.lookedThrough { try catalogue.lookedThrough(root.id, at: moment) }
        if let counts = due.passedOver { try catalogue.setPassedOver(counts, in: root.id) }
        arrears.withLock { arrears in
            // Unless the watcher has seen something newer meanwhile.
            guard arrears[index].version == due.version else { return }
            arrears[index].state = nil
            arrears[index].lookedThrough = nil
            arrears[index].passedOver = nil
        }
        return due.state != nil || due.lookedThrough != nil
    }

    private func tell(_ event: WatchEvent, of root: Root) {
        switch event {
        case .offline(let reason):
            logger.warning("\(root.path): offline: \(reason); what is known of it is kept")
        case .notice(let text): logger.warning("\(root.path): \(text)")
        case .scanStarted: logger.debug("\(root.path): looking through")
        case .scanFinished: logger.debug("\(root.path): looked through")
        case .passedOver(let count): onPassedOver(root.path, count)
        case .online, .settled, .absent, .lostName, .listing: break
        }
    }
}

extension FileObservation {
    /// The observation that an event is, if it is one.
    init?(_ event: WatchEvent) {
        switch event {
        case .settled(let path, let status, let volume): self = .settled(path, status, volume)
        case .absent(let path, let volume): self = .absent(path, volume)
        case .lostName(let status): self = .lostName(status)
        case .listing(let listing): self = .listing(listing)
        case .scanStarted, .passedOver, .scanFinished, .online, .offline, .notice: return nil
        }
    }
}
