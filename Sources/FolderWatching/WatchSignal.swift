import CLinux
import Glibc
import Synchronization
import SystemPackage

/// Carries requests from any thread to the watcher's.
final class WatchSignal: Sendable {
    private struct Requests {
        var stop = false
        var rescan = false
    }

    /// Readable while a request waits.
    let descriptor: FileDescriptor
    private let requests = Mutex(Requests())

    /// - Throws: `Errno`.
    init() throws(Errno) {
        let flags = Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC)
        let result = eventfd(0, flags)
        guard result >= 0 else { throw Errno(rawValue: errno) }
        descriptor = FileDescriptor(rawValue: result)
    }

    deinit {
        try? descriptor.close()
    }

    /// Whether the watcher is to end.
    var isStopped: Bool {
        requests.withLock { $0.stop }
    }

    func stop() {
        requests.withLock { $0.stop = true }
        wake()
    }

    func rescan() {
        requests.withLock { $0.rescan = true }
        wake()
    }

    /// Whether a rescan was asked for since the last call.
    func takeRescan() -> Bool {
        var count: UInt64 = 0
        _ = Glibc.read(descriptor.rawValue, &count, MemoryLayout<UInt64>.size)
        return requests.withLock { requests in
            defer { requests.rescan = false }
            return requests.rescan
        }
    }

    private func wake() {
        var one: UInt64 = 1
        // It fails only when the counter is full, and then the thread is woken already.
        _ = Glibc.write(descriptor.rawValue, &one, MemoryLayout<UInt64>.size)
    }
}
