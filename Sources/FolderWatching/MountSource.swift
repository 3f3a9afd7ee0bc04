import CLinux
import Glibc
import SystemPackage

/// Tells what is mounted, and when that changes.
protocol MountSource: AnyObject {
    /// Signals changes to epoll; nil when there are none to expect.
    var descriptor: FileDescriptor? { get }
    /// What of `descriptor` signals a change (`EPOLLPRI` …).
    var interest: UInt32 { get }
    /// Whether something was mounted or unmounted since the last call.
    func hasChanged() -> Bool
    /// What is mounted now.
    func table() -> MountTable
}

/// The mounts of this process.
final class ProcessMounts: MountSource {
    let descriptor: FileDescriptor?
    let interest = EPOLLPRI.rawValue

    init() {
        descriptor = try? FileDescriptor.open("/proc/self/mountinfo", .readOnly, options: .closeOnExec)
    }

    deinit {
        try? descriptor?.close()
    }

    func hasChanged() -> Bool {
        guard let descriptor else { return false }
        var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLPRI), revents: 0)
        return poll(&request, 1, 0) == 1 && request.revents & Int16(POLLPRI | POLLERR) != 0
    }

    func table() -> MountTable {
        guard let descriptor, let text = try? Self.contents(of: descriptor) else {
            return MountTable()
        }
        return MountTable(parsing: text)
    }

    private static func contents(of descriptor: FileDescriptor) throws -> [UInt8] {
        try descriptor.seek(offset: 0, from: .start)
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            if count == 0 { return text }
            text += buffer[..<count]
        }
    }
}
