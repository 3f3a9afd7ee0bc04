import Foundation
import Glibc
import SystemPackage

/// What came back, byte for byte.
struct RawResponse {
    let bytes: [UInt8]

    private var split: (head: String, body: [UInt8]) {
        let end =
            bytes.indices.first { bytes[$0...].starts(with: Array("\r\n\r\n".utf8)) } ?? bytes.count
        return (String(decoding: bytes[..<end], as: UTF8.self), Array(bytes.dropFirst(end + 4)))
    }

    /// The status; 0 where nothing was answered.
    var status: Int {
        split.head.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) } ?? 0
    }

    var body: [UInt8] { split.body }
    var text: String { String(decoding: split.body, as: UTF8.self) }

    /// The value of a header; `nil` where there is none.
    func header(_ name: String) -> String? {
        split.head.split(separator: "\r\n").dropFirst().lazy.compactMap { line in
            let pair = line.split(separator: ":", maxSplits: 1)
            return pair.count == 2 && pair[0].lowercased() == name.lowercased()
                ? pair[1].trimmingCharacters(in: .whitespaces) : nil
        }.first
    }
}

/// A connection that says exactly what a test wants, as fast as it wants.
final class RawClient {
    private let descriptor: Int32

    init(_ port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Sends bytes; `false` where the other side is gone.
    @discardableResult func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Reads until the other side closes, or `limit` bytes have come.
    func receive(limit: Int = 64 << 20) -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while all.count < limit {
            let count = recv(descriptor, &buffer, min(buffer.count, limit - all.count), 0)
            guard count > 0 else { break }
            all += buffer[..<count]
        }
        return all
    }

    /// Whether the other side closes within the client's patience of a minute.
    func isClosed() -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = recv(descriptor, &byte, 1, 0)
            if count == 0 { return true }
            if count < 0 { return errno == ECONNRESET }
        }
    }

    /// Sends a request and reads one answer with a length, for servers that do not close.
    static func ask(_ port: Int, _ bytes: [UInt8]) throws -> RawResponse {
        let client = try RawClient(port)
        client.send(bytes)
        var response = RawResponse(bytes: [])
        while true {
            let more = client.receive(limit: 1)
            response = RawResponse(bytes: response.bytes + more + client.waiting())
            let length = response.header("Content-Length").flatMap { Int($0) }
            if more.isEmpty || length.map({ response.body.count >= $0 }) ?? false {
                return response
            }
        }
    }

    /// What has come already.
    private func waiting() -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return Array(buffer.prefix(max(count, 0)))
    }

    /// Sends a request and reads what comes until the end.
    static func exchange(_ port: Int, _ bytes: [UInt8]) throws -> RawResponse {
        let client = try RawClient(port)
        client.send(bytes)
        return RawResponse(bytes: client.receive())
    }
}
