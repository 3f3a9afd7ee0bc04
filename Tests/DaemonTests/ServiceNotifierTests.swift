import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

@Suite struct ServiceNotifierTests {
    @Test func tellsSystemdWhatHappens() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("notify").string
        let receiver = try Receiver(path: path)
        let notifier = ServiceNotifier(environment: [
            "NOTIFY_SOCKET": path, "WATCHDOG_USEC": "1000000",
        ])
        notifier.ready()
        notifier.status("working\nhard")
        notifier.workLoopAdvanced()
        notifier.workLoopAdvanced()
        notifier.stopping()
        let messages = (0..<4).map { _ in receiver.next() }
        #expect(messages == ["READY=1", "STATUS=working hard", "WATCHDOG=1", "STOPPING=1"])
        #expect(notifier.watchdogInterval == .seconds(1))
    }

    @Test(arguments: [[:], ["NOTIFY_SOCKET": "relative"], ["NOTIFY_SOCKET": ""]])
    func isSilentWithoutASocket(environment: [String: String]) {
        let notifier = ServiceNotifier(environment: environment)
        notifier.ready()
        notifier.workLoopAdvanced()
        #expect(notifier.watchdogInterval == nil)
    }

    @Test func leavesAWatchdogAloneThatIsMeantForAnotherProcess() {
        let notifier = ServiceNotifier(environment: [
            "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1",
        ])
        #expect(notifier.watchdogInterval == nil)
    }

    /// The end of the socket that systemd would hold.
    private final class Receiver {
        private let descriptor: Int32

        init(path: String) throws {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            guard descriptor >= 0, result == 0 else { throw Errno(rawValue: errno) }
        }

        deinit { close(descriptor) }

        func next() -> String {
            var buffer = [UInt8](repeating: 0, count: 1024)
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        }
    }
}
