import CLinux
import Daemon
import Foundation
import Glibc
import Synchronization
import SystemPackage

/// Tells listeners when somebody has written to the catalogue: by inotify, and only while somebody listens, so that a
/// page that is open costs nothing while nothing happens.
final class CatalogueNews: Announcer {
    private struct State {
        var listeners: [Int: @Sendable () -> Void] = [:]
        var next = 0
        var watch: LogWatch?
    }

    /// News come at most so often.
    static let pause = 0.5

    private let catalogue: FilePath
    private let state = Mutex(State())

    init(_ catalogue: FilePath) { self.catalogue = catalogue }

    func add(_ listener: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.next += 1
            state.listeners[state.next] = listener
            if state.watch == nil {
                state.watch = LogWatch(of: catalogue) { [weak self] in self?.tell() }
            }
            return state.next
        }
    }

    func remove(_ number: Int) {
        let watch = state.withLock { state in
            state.listeners[number] = nil
            guard state.listeners.isEmpty else { return nil as LogWatch? }
            defer { state.watch = nil }
            return state.watch
        }
        watch?.stop()
    }

    private func tell() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener() }
    }
}

/// A thread that sleeps until the catalogue's write-ahead log changes.
private final class LogWatch: Sendable {
    private let events: Int32
    private let stopping: Int32

    /// Begins; nothing is told where the system refuses.
    init(of catalogue: FilePath, _ onChange: @escaping @Sendable () -> Void) {
        events = inotify_init1(Int32(IN_CLOEXEC))
        stopping = eventfd(0, Int32(EFD_CLOEXEC))
        let folder = catalogue.removingLastComponent()
        _ = folder.withPlatformString { inotify_add_watch(events, $0, UInt32(IN_MODIFY)) }
        let name = (catalogue.lastComponent?.string ?? "") + "-wal"
        ThreadGroup().start("news") { [self] in
            while Self.waitForChange(of: name, events, unless: stopping) {
                onChange()
                // One news for all that is written meanwhile.
                var pause = pollfd(fd: stopping, events: Int16(POLLIN), revents: 0)
                if poll(&pause, 1, Int32(CatalogueNews.pause * 1000)) > 0 { return }
            }
        }
    }

    deinit {
        close(events)
        close(stopping)
    }

    func stop() {
        var one: UInt64 = 1
        _ = write(stopping, &one, MemoryLayout<UInt64>.size)
    }

    /// Sleeps until a file of that name changes; `false` where it is to stop.
    private static func waitForChange(of name: String, _ events: Int32, unless stopping: Int32)
        -> Bool
    {
        var descriptors = [events, stopping].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            guard poll(&descriptors, 2, -1) >= 0 || errno == EINTR else { return false }
            if descriptors[1].revents != 0 { return false }
            guard descriptors[0].revents != 0 else { continue }
            let count = read(events, &buffer, buffer.count)
            guard count > 0 else { return false }
            if names(in: buffer[..<count]).contains(name) { return true }
        }
    }

    /// The names in a batch of events (inotify(7)): 16 bytes of which the last four are the length of the name behind.
    private static func names(in batch: ArraySlice<UInt8>) -> [String] {
        var names: [String] = []
        var rest = batch
        while rest.count >= 16 {
            let length = rest.dropFirst(12).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            names.append(
                String(
                    decoding: rest.dropFirst(16).prefix(length).prefix { $0 != 0 }, as: UTF8.self))
            rest = rest.dropFirst(16 + length)
        }
        return names
    }
}
