public import Foundation
import Glibc
import Synchronization

/// Reads what a program writes, on a thread of its own, so that the program never waits for a test.
public final class OutputCollector: Sendable {
    private let state = Mutex(State())

    private struct State {
        var data = Data()
        var isComplete = false
    }

    /// The end to hand to the program.
    let writeEnd: Int32

    /// Opens a connection and begins to read.
    ///
    /// Sockets rather than a pipe: they are born closed to programs that other tests start at the
    /// same moment.
    ///
    /// - Throws: `ProgramLaunch.Failure`.
    init() throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw ProgramLaunch.Failure(description: "no sockets: errno \(errno)")
        }
        writeEnd = ends[1]
        let readEnd = ends[0]
        let thread = Thread { [self] in
            read(readEnd)
            close(readEnd)
        }
        thread.name = "collector"
        thread.start()
    }

    /// Everything that has been written so far.
    public var data: Data { state.withLock { $0.data } }

    /// Everything that has been written so far, with bytes that are no UTF-8 replaced.
    public var text: String { String(decoding: data, as: UTF8.self) }

    /// The lines that are complete so far, without their ends.
    public var lines: [String] {
        let text = text
        guard let end = text.lastIndex(where: \.isNewline) else { return [] }
        return text[..<end].split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// Whether every writer has closed its end.
    var isComplete: Bool { state.withLock { $0.isComplete } }

    private func read(_ descriptor: Int32) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            state.withLock { $0.data.append(contentsOf: buffer[..<count]) }
        }
        state.withLock { $0.isComplete = true }
    }
}
