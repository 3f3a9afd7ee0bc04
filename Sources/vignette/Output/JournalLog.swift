import Foundation
import Glibc
import Logging
import SystemPackage

/// Whether the system's journal reads what this process writes.
enum JournalStream {
    /// Whether it reads standard error: systemd then says so in `JOURNAL_STREAM`, by device and inode (systemd.exec(5)).
    static func isStandardError(_ environment: [String: String]) -> Bool {
        var status = stat()
        guard let stream = environment["JOURNAL_STREAM"], fstat(STDERR_FILENO, &status) == 0 else {
            return false
        }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}

/// Messages in the system's journal, with what is known of them as fields: `VIGNETTE_ASSET=12`.
struct JournalLog: LogSink {
    let socket: JournalSocket
    /// Takes what the journal does not.
    let otherwise: any LogSink

    func write(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) {
        guard !socket.send(Self.entry(level, message, metadata)) else { return }
        otherwise.write(level, message, metadata)
    }

    /// An entry in the journal's native format: `NAME=value`, or for values of several lines the name, the length as
    /// eight little-endian bytes, and the value (systemd.io/JOURNAL_NATIVE_PROTOCOL).
    static func entry(
        _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata
    ) -> [UInt8] {
        var fields = [
            ("MESSAGE", message), ("PRIORITY", "\(level.priority)"),
            ("SYSLOG_IDENTIFIER", "vignette"),
        ]
        fields += Self.fields(metadata, prefix: "VIGNETTE").sorted { $0.0 < $1.0 }
        return fields.reduce(into: []) { bytes, field in
            let value = Array(field.1.utf8)
            bytes += Array(field.0.utf8)
            if value.contains(UInt8(ascii: "\n")) {
                bytes.append(UInt8(ascii: "\n"))
                withUnsafeBytes(of: UInt64(value.count).littleEndian) { bytes += $0 }
            } else {
                bytes.append(UInt8(ascii: "="))
            }
            bytes += value + [UInt8(ascii: "\n")]
        }
    }

    /// Names of fields are capitals, digits and underscores.
    private static func fields(_ metadata: Logger.Metadata, prefix: String) -> [(String, String)] {
        metadata.flatMap { key, value in
            let name =
                prefix + "_"
                + key.uppercased().map {
                    $0.isASCII && ($0.isLetter || $0.isNumber) ? String($0) : "_"
                }
                .joined()
            if case .dictionary(let inner) = value { return fields(inner, prefix: name) }
            return [(name, value.description)]
        }
    }
}

/// The socket at which the journal takes entries.
final class JournalSocket: Sendable {
    private let descriptor: CInt

    /// Connects; `nil` where no journal is.
    ///
    /// - Parameter path: Where the journal listens.
    init?(at path: FilePath = "/run/systemd/journal/socket") {
        let bytes = Array(path.string.utf8)
        var address = sockaddr_un()
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        let opened = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard opened >= 0 else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(opened, $0, size) }
        }
        guard result == 0 else {
            close(opened)
            return nil
        }
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// Hands an entry over.
    ///
    /// - Returns: Whether the journal has it: it is not there, or the entry is too large for a datagram, otherwise.
    func send(_ entry: [UInt8]) -> Bool {
        Glibc.send(descriptor, entry, entry.count, Int32(MSG_NOSIGNAL)) == entry.count
    }
}
