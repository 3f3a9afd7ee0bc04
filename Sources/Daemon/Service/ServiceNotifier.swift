public import Foundation
import Glibc
import Synchronization

/// Tells systemd how the service is, by the datagram protocol of sd_notify(3).
///
/// Without `NOTIFY_SOCKET` in the environment everything here does nothing.
public final class ServiceNotifier: Sendable {
    private let socketPath: [UInt8]?
    /// How often systemd wants to hear from the work loop; `nil` if it does not watch.
    public let watchdogInterval: Duration?
    private let lastPing = Mutex<ContinuousClock.Instant?>(nil)

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        socketPath = environment["NOTIFY_SOCKET"].flatMap(Self.address)
        let forUs = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
        watchdogInterval =
            forUs
            ? environment["WATCHDOG_USEC"].flatMap { Int64($0) }.flatMap {
                $0 > 0 ? .microseconds($0) : nil
            } : nil
    }

    /// Start-up is complete.
    public func ready() { send("READY=1") }

    /// The service has begun to end.
    public func stopping() { send("STOPPING=1") }

    /// The configuration is read anew; `ready` says when that is over (sd_notify(3)).
    public func reloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        send("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1000)")
    }

    /// Whether a service manager started this process and hears what it says.
    public var isHeard: Bool { socketPath != nil }

    /// One line for `systemctl status`.
    public func status(_ text: String) {
        send("STATUS=" + text.replacing("\n", with: " "))
    }

    /// The work loop got on; passed to systemd at most four times an interval.
    public func workLoopAdvanced() {
        guard let watchdogInterval else { return }
        let now = ContinuousClock.now
        let due = lastPing.withLock { last in
            if let previous = last, now - previous < watchdogInterval / 4 { return false }
            last = now
            return true
        }
        if due { send("WATCHDOG=1") }
    }

    /// A path, or with `@` in front a name in the abstract namespace (a leading zero byte).
    private static func address(_ text: String) -> [UInt8]? {
        var bytes = Array(text.utf8)
        guard let first = bytes.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@"),
            bytes.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        else { return nil }
        if first == UInt8(ascii: "@") { bytes[0] = 0 }
        return bytes
    }

    private func send(_ message: String) {
        guard let socketPath else { return }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketPath) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + socketPath.count)
        let bytes = Array(message.utf8)
        // A lost message is no reason to fail: systemd hears the next one.
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), target, length)
            }
        }
    }
}
