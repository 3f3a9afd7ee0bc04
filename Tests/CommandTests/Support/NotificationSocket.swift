import Foundation
import Glibc
import SystemPackage
import Synchronization
import TestSupport

/// The end of sd_notify(3) at which systemd listens.
final class NotificationSocket: Sendable {
    let path: FilePath
    private let descriptor: Int32
    private let received = Mutex<[String]>([])

    init(at path: FilePath) throws {
        self.path = path
        let kind =
            Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            | Int32(SOCK_NONBLOCK.rawValue)
        descriptor = socket(AF_UNIX, kind, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.string.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw Errno.fileNameTooLong
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    deinit { close(descriptor) }

    /// Everything that has arrived so far.
    var messages: [String] {
        received.withLock { messages in
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count >= 0 else { return messages }
                let text = String(decoding: buffer[..<count], as: UTF8.self)
                messages += text.split(separator: "\n").map(String.init)
            }
        }
    }
}
