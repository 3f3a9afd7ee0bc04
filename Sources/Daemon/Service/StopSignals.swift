import CLinux
import Glibc
public import Logging
import SystemPackage

/// Work that runs until it is done or asked to stop.
public protocol StoppableWork: Sendable {
    /// Works on the calling thread; returns when done or stopped.
    ///
    /// - Throws: What keeps the work from going on.
    func run() throws
    /// Asks `run` to end soon; from any thread, also before it began.
    func stop()
}

/// Lets SIGTERM and SIGINT end work cleanly, and in time whatever it is doing.
public enum StopSignals {
    /// How long work may take to end; systemd and people expect five seconds.
    static let patience: Int32 = 4500

    /// Runs work; the first SIGTERM or SIGINT asks it to stop.
    ///
    /// Call it before any other thread exists, since the signals are blocked in every thread and read
    /// from a descriptor instead. Work that has not ended in time is left as it is and the process
    /// ends: what was under way is repeated at the next start, and nothing is lost.
    ///
    /// - Parameters:
    ///   - work: The work.
    ///   - logger: Told when the work did not end in time.
    /// - Throws: What `work.run` throws; `Errno`.
    public static func run(_ work: some StoppableWork, logger: Logger) throws {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let arrival = try checked(signalfd(-1, &signals, Int32(SFD_CLOEXEC)))
        defer { close(arrival) }
        let done = try checked(eventfd(0, Int32(EFD_CLOEXEC)))
        defer { close(done) }
        let listener = ThreadGroup()
        listener.start("signals") {
            guard wait(for: arrival, unless: done, milliseconds: -1) else { return }
            work.stop()
            if wait(for: done, unless: done, milliseconds: patience) { return }
            logger.warning("not everything ended in time; it is taken up again at the next start")
            _exit(0)
        }
        let result = Result { try work.run() }
        var one: UInt64 = 1
        _ = write(done, &one, MemoryLayout<UInt64>.size)
        try listener.wait()
        try result.get()
    }

    /// Blocks until something can be read from `descriptor`.
    ///
    /// - Returns: `false` when `other` came first, or nothing in time.
    private static func wait(for descriptor: Int32, unless other: Int32, milliseconds: Int32)
        -> Bool
    {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        while poll(&descriptors, 2, milliseconds) < 0 {
            guard errno == EINTR else { return false }
        }
        return descriptors[0].revents != 0
    }

    private static func checked(_ result: Int32) throws -> Int32 {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        return result
    }
}
