import CLinux
import Glibc

/// Wakes a thread that waits for a database's socket.
///
/// `@unchecked Sendable`: the descriptor never changes, and the kernel orders what happens to it.
public final class Bell: @unchecked Sendable {
    private let descriptor: Int32

    /// Makes a bell that has not rung.
    public init() {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        precondition(descriptor >= 0, "a process has room for another descriptor")
    }

    deinit { close(descriptor) }

    /// Wakes whoever waits, or is the next to.
    public func ring() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// What a wait ended with.
    enum Arrival {
        case bell, socket, timeout
    }

    /// Blocks until it rings, something happens at a socket, or time is over.
    ///
    /// - Parameters:
    ///   - socket: A descriptor; below 0 for none.
    ///   - events: What to wait for there, as of poll(2).
    ///   - deadline: The moment to give up.
    ///   - isHeard: Whether its ringing is taken notice of; otherwise it is left to the next who waits.
    /// - Returns: What came first.
    func wait(
        _ socket: Int32, _ events: Int32, until deadline: ContinuousClock.Instant,
        isHeard: Bool = true
    ) -> Arrival {
        while true {
            let left = max((deadline - ContinuousClock.now) / .milliseconds(1), 0)
            var descriptors = [
                pollfd(fd: isHeard ? descriptor : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: socket, events: Int16(events), revents: 0),
            ]
            let count = poll(&descriptors, 2, Int32(min(left.rounded(.up), 3_600_000)))
            if count < 0, errno == EINTR { continue }
            if descriptors[0].revents != 0 {
                var value: UInt64 = 0
                _ = read(descriptor, &value, MemoryLayout<UInt64>.size)
                return .bell
            }
            if descriptors[1].revents != 0 { return .socket }
            if count <= 0, ContinuousClock.now >= deadline { return .timeout }
        }
    }

    /// Blocks until it rings or time is over.
    public func wait(for duration: Duration) {
        _ = wait(-1, 0, until: .now + duration)
    }
}
