import CProcess
import Glibc
import SystemPackage

/// A running `vignette-decoder` and the parent's end of the conversation.
///
/// `@unchecked Sendable`: its descriptors and its tail of errors are touched by one thread at a
/// time; `Decoder` hands it over under its lock. Only `process` is used from several.
final class DecoderChild: @unchecked Sendable {
    /// Bytes kept of what it wrote to its standard error.
    private static let maximumErrors = 2048

    let process: ChildProcess
    private let socket: Int32
    private let errors: Int32
    private var tail: [UInt8] = []
    /// Requests it was given.
    var requests = 0

    init(_ started: ChildSpawn.Started) {
        process = started.process
        socket = started.socket
        errors = started.errors
    }

    deinit {
        close(socket)
        close(errors)
    }

    /// Whether it is alive and silent, as it has to be between two requests.
    var isIdle: Bool {
        var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 0
    }

    /// Bytes of memory that it has resident; `nil` if the kernel does not say.
    var residentBytes: Int? {
        guard let text = SmallFile.read("/proc/\(process.id)/statm") else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    /// What it wrote to its standard error last, as one line; empty if nothing.
    var lastWords: String {
        readErrors()
        let lines = String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.suffix(3).joined(separator: "; ")
    }

    /// Sends all bytes, and with the first of them an open file.
    func send(_ bytes: [UInt8], file: Int32?, by deadline: Deadline) throws(ChildFault) {
        var sent = 0
        while sent < bytes.count {
            try wait(for: Int16(POLLOUT), by: deadline)
            let count = bytes.withUnsafeBytes { buffer in
                vignette_send_with_descriptor(
                    socket, buffer.baseAddress.map { $0 + sent }, buffer.count - sent,
                    sent == 0 ? file ?? -1 : -1)
            }
            if count >= 0 { sent += count } else { try Self.check(errno) }
        }
    }

    /// Receives exactly `count` bytes.
    func receive(_ count: Int, by deadline: Deadline) throws(ChildFault) -> [UInt8] {
        var fault: ChildFault?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(ChildFault) {
                while filled < count {
                    try wait(for: Int16(POLLIN), by: deadline)
                    let rest = UnsafeMutableBufferPointer(rebasing: buffer[filled...])
                    let got = recv(socket, rest.baseAddress, rest.count, 0)
                    guard got != 0 else { throw .closed }
                    if got > 0 { filled += got } else { try Self.check(errno) }
                }
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        return bytes
    }

    /// Blocks until the socket is ready, and keeps the child's standard error from filling up.
    private func wait(for events: Int16, by deadline: Deadline) throws(ChildFault) {
        while true {
            var entries = [
                pollfd(fd: socket, events: events, revents: 0),
                pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
            ]
            // A closed standard error is ready for ever; it is then left out.
            let count = errorsEnded ? 1 : 2
            let ready = poll(&entries, nfds_t(count), deadline.milliseconds)
            if ready < 0 && errno != EINTR { throw .system(Errno(rawValue: errno)) }
            if ready == 0 && deadline.milliseconds == 0 { throw .timedOut }
            guard ready > 0 else { continue }
            if entries[1].revents != 0 { readErrors() }
            if entries[0].revents != 0 { return }
        }
    }

    private var errorsEnded = false

    private func readErrors() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !errorsEnded {
            let count = read(errors, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return }
            errorsEnded = count == 0
            tail = (tail + buffer[..<count]).suffix(Self.maximumErrors)
        }
    }

    /// Throws unless the call is simply to be made again.
    private static func check(_ code: Int32) throws(ChildFault) {
        switch code {
        case EINTR, EAGAIN: return
        case EPIPE, ECONNRESET: throw .closed
        default: throw .system(Errno(rawValue: code))
        }
    }
}

/// Files of `/proc`, which have no size and fit in a page.
private enum SmallFile {
    static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(file, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
