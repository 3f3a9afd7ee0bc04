import CLinux
import Glibc
import Synchronization
import SystemPackage

@testable import FolderWatching

/// The real inotify, with mishaps on demand.
final class EventScript: Sendable {
    private struct State {
        var injected: [FileEvent] = []
        var error: Errno?
        var dropsEvents = false
        var watchLimit = Int.max
        var watches: Set<WatchDescriptor> = []
    }

    private let state = Mutex(State())

    /// How many watches there are.
    var watchCount: Int {
        state.withLock { $0.watches.count }
    }

    /// Makes the kernel say something that it did not.
    func inject(_ event: FileEvent) {
        state.withLock { $0.injected.append(event) }
    }

    /// Makes the next read fail.
    func failOnce(_ error: Errno) {
        state.withLock { $0.error = error }
    }

    /// Loses messages, then says so as the kernel does, as soon as it is set to false again.
    func loseEvents(_ isLosing: Bool) {
        state.withLock { state in
            state.dropsEvents = isLosing
            if !isLosing {
                state.injected.append(FileEvent(watch: -1, flags: .overflow))
            }
        }
    }

    /// Refuses more watches than this with `ENOSPC`.
    func limitWatches(to limit: Int) {
        state.withLock { $0.watchLimit = limit }
    }

    /// Opens the source.
    func open() throws(Errno) -> any FileEventSource {
        Source(script: self, inotify: try Inotify())
    }

    private final class Source: FileEventSource {
        let script: EventScript
        let inotify: Inotify

        init(script: EventScript, inotify: Inotify) {
            self.script = script
            self.inotify = inotify
        }

        var descriptor: FileDescriptor {
            inotify.descriptor
        }

        func addWatch(
            _ directory: FilePath, followingLink: Bool
        ) throws(Errno) -> WatchDescriptor {
            let watch = try inotify.addWatch(directory, followingLink: followingLink)
            let isRefused = script.state.withLock { state in
                if state.watches.contains(watch) { return false }
                if state.watches.count >= state.watchLimit { return true }
                state.watches.insert(watch)
                return false
            }
            guard !isRefused else {
                try inotify.removeWatch(watch)
                throw .noSpace
            }
            return watch
        }

        func removeWatch(_ watch: WatchDescriptor) throws(Errno) {
            script.state.withLock { _ = $0.watches.remove(watch) }
            try inotify.removeWatch(watch)
        }

        func read(into events: inout [FileEvent]) throws(Errno) -> Bool {
            let error = script.state.withLock { state in
                defer { state.error = nil }
                return state.error
            }
            if let error { throw error }
            var fresh: [FileEvent] = []
            let hasMore = try inotify.read(into: &fresh)
            script.state.withLock { state in
                for event in fresh where event.flags.contains(.watchEnded) {
                    state.watches.remove(event.watch)
                }
                if !state.dropsEvents { events += fresh }
                events += state.injected
                state.injected = []
            }
            return hasMore
        }
    }
}
