import CLinux
import Glibc
public import Logging
import Synchronization
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

    /// Where the signal handler leaves word; a handler may touch little else.
    private static let arrival = Atomic<Int32>(-1)
    /// The exit status of a process that was asked to end.
    private static let status = Atomic<Int32>(0)

    /// Lets SIGTERM and SIGINT end the process at once until `run` takes over.
    ///
    /// For the time in which a model is loaded and a catalogue opened: nothing is under way that
    /// would have to be put back.
    ///
    /// - Parameter status: The exit status then, and where work does not end in time: 0 for work that has
    ///   no end of its own.
    public static func prepare(status: Int32 = 0) {
        Self.status.store(status, ordering: .sequentiallyConsistent)
        installHandler()
    }

    /// Runs work; the first SIGTERM or SIGINT asks it to stop.
    ///
    /// Work that has not ended in time is left as it is and the process ends: what was under way is
    /// repeated at the next start, and nothing is lost. One work at a time in a process.
    ///
    /// - Parameters:
    ///   - work: The work.
    ///   - logger: Told when the work did not end in time.
    /// - Throws: What `work.run` throws; `Errno`.
    public static func run(_ work: some StoppableWork, logger: Logger) throws {
        let arrived = try checked(eventfd(0, Int32(EFD_CLOEXEC)))
        let done = try checked(eventfd(0, Int32(EFD_CLOEXEC)))
        defer {
            arrival.store(-1, ordering: .sequentiallyConsistent)
            close(arrived)
            close(done)
        }
        arrival.store(arrived, ordering: .sequentiallyConsistent)
        installHandler()
        let listener = ThreadGroup()
        listener.start("signals") {
            guard wait(for: arrived, unless: done, milliseconds: -1) else { return }
            work.stop()
            if wait(for: done, unless: done, milliseconds: patience) { return }
            logger.warning("not everything ended in time; it is taken up again at the next start")
            _exit(status.load(ordering: .relaxed))
        }
        let result = Result { try work.run() }
        leaveWord(at: done)
        try listener.wait()
        try result.get()
    }

    /// A handler rather than a blocked signal and a descriptor: OpenBLAS starts threads before `main`
    /// does, and a signal that any thread does not block would end the process.
    private static func installHandler() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            let saved = errno
            let arrival = StopSignals.arrival.load(ordering: .relaxed)
            if arrival < 0 { _exit(StopSignals.status.load(ordering: .relaxed)) }
            StopSignals.leaveWord(at: arrival)
            errno = saved
        }
        action.sa_flags = Int32(SA_RESTART)
        sigaction(SIGTERM, &action, nil)
        sigaction(SIGINT, &action, nil)
    }

    private static func leaveWord(at descriptor: Int32) {
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
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
