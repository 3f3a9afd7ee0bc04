import CTLS
import Foundation
import Synchronization
import SystemPackage

/// Speaks TLS on a port of the loopback interface and hands what it hears on to another, plainly.
public final class TLSRelay: Sendable {
    /// A relay could not be set up.
    public struct Failure: Error {}

    private let listener: Int32
    private let handshakes = Counter()

    /// `host:port` of the relay.
    public let address: String

    /// How many handshakes were begun, and how many of them the other side completed.
    public var attempts: (begun: Int, completed: Int) { handshakes.value.withLock { $0 } }

    private final class Counter: Sendable {
        let value = Mutex((begun: 0, completed: 0))
    }

    /// Begins to serve.
    ///
    /// - Parameters:
    ///   - target: `127.0.0.1:PORT`, perhaps with a scheme before it.
    ///   - identity: What it shows.
    /// - Throws: `Failure`.
    public init(to target: String, as identity: TestAuthority.Identity) throws {
        // A client that is gone is told by the failing write.
        signal(SIGPIPE, SIG_IGN)
        guard let port = target.split(separator: ":").last.flatMap({ UInt16($0) }),
            let context = Self.makeContext(identity)
        else { throw Failure() }
        let (listener, ownPort) = try Self.listen()
        self.listener = listener
        address = "127.0.0.1:\(ownPort)"
        let server = TLSContext(context)
        Thread.detachNewThread { [handshakes] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                Thread.detachNewThread {
                    defer { close(client) }
                    server.serve(client, port: port, handshakes.value)
                }
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    private static func makeContext(_ identity: TestAuthority.Identity) -> OpaquePointer? {
        guard let context = SSL_CTX_new(TLS_server_method()) else { return nil }
        guard
            SSL_CTX_use_certificate_file(
                context, identity.certificate.string, SSL_FILETYPE_PEM) == 1,
            SSL_CTX_use_PrivateKey_file(context, identity.key.string, SSL_FILETYPE_PEM) == 1
        else {
            SSL_CTX_free(context)
            return nil
        }
        return context
    }

    private static func listen() throws -> (Int32, UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = LoopbackAddress.port(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound, Glibc.listen(listener, 64) == 0 else { throw Failure() }
        return (listener, UInt16(bigEndian: address.sin_port))
    }
}

/// `@unchecked Sendable`: OpenSSL lets threads share a context.
private final class TLSContext: @unchecked Sendable {
    private let context: OpaquePointer

    init(_ context: OpaquePointer) { self.context = context }

    deinit { SSL_CTX_free(context) }

    /// Serves one connection to its end.
    func serve(
        _ client: Int32, port: UInt16, _ handshakes: borrowing Mutex<(begun: Int, completed: Int)>
    ) {
        guard let tls = SSL_new(context) else { return }
        defer { SSL_free(tls) }
        // Nobody waits for a client for ever.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(
            client, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        handshakes.withLock { $0.begun += 1 }
        guard SSL_set_fd(tls, client) == 1, SSL_accept(tls) == 1 else { return }
        handshakes.withLock { $0.completed += 1 }
        let server = LoopbackAddress.connect(port)
        guard server >= 0 else { return }
        defer { close(server) }
        pump(tls, client, server)
    }

    private func pump(_ tls: OpaquePointer, _ client: Int32, _ server: Int32) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let size = Int32(buffer.count)
        while true {
            var sides = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            // What was decrypted already makes no socket readable.
            if SSL_pending(tls) == 0, poll(&sides, 2, 60_000) <= 0 { return }
            if SSL_pending(tls) > 0 || sides[0].revents != 0 {
                let count = SSL_read(tls, &buffer, size)
                guard count > 0, writeAll(server, buffer[..<Int(count)]) else { return }
            }
            if sides[1].revents != 0 {
                let count = read(server, &buffer, buffer.count)
                guard count > 0, SSL_write(tls, buffer, Int32(count)) == count else { return }
            }
        }
    }

    private func writeAll(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
        var bytes = bytes
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return false }
            bytes = bytes.dropFirst(count)
        }
        return true
    }
}

/// Addresses of 127.0.0.1.
private enum LoopbackAddress {
    static func port(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        return address
    }

    /// A connected socket, or less than 0.
    static func connect(_ port: UInt16) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = self.port(port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return descriptor }
        close(descriptor)
        return -1
    }
}
