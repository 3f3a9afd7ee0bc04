import Glibc
import Synchronization
public import SystemPackage

/// Writes messages, each a line, one after the other whoever writes.
public final class LineWriter: Sendable {
    private let file: FileDescriptor
    private let isOpen = Mutex(true)

    /// Writes to a file.
    public init(to file: FileDescriptor) { self.file = file }

    /// Writes a line; nothing once the other side has gone away.
    public func write(_ line: String) {
        isOpen.withLock { isOpen in
            guard isOpen else { return }
            do {
                try file.writeAll((line + "\n").utf8)
            } catch {
                isOpen = false
            }
        }
    }

    /// Whether somebody can still read what is written.
    public var isHeard: Bool {
        guard isOpen.withLock({ $0 }) else { return false }
        var state = pollfd(fd: file.rawValue, events: 0, revents: 0)
        return poll(&state, 1, 0) <= 0 || state.revents & Int16(POLLERR | POLLNVAL) == 0
    }
}
