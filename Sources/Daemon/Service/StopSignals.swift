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
    /// Where it leaves word of SIGHUP.
    private static let reloading = Atomic<Int32>(-1)
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
    ///   - onReload: Called at each SIGHUP, on a thread of its own; without it that signal does what it does to
    ///     any program.
    /// - Throws: What `work.run` throws; `Errno`.
    public static func run(
        _ work: some StoppableWork, logger: Logger, onReload: (@Sendable () -> Void)? = nil
    ) throws {
        let arrived = try checked(eventfd(0, Int32(EFD_CLOEXEC)))
        let reload = try onReload.map { _ in try reloadDescriptor() } ?? -1
        let done = try checked(eventfd(0, Int32(EFD_CLOEXEC)))
        defer {
            arrival.store(-1, ordering: .sequentiallyConsistent)
            for descriptor in [arrived, done] { close(descriptor) }
        }
        arrival.store(arrived, ordering: .sequentiallyConsistent)
        installHandler()
        let listener = ThreadGroup()
        listener.start("signals") {
            guard waitForEnd(arrived, done, reload, onReload ?? {}) else { return }
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

    /// Where word is left of SIGHUP from the first `run` that asks for it on, also between one and the next.
    private static func reloadDescriptor() throws -> Int32 {
        let present = reloading.load(ordering: .sequentiallyConsistent)
        guard present < 0 else { return present }
        let made = try checked(eventfd(0, Int32(EFD_CLOEXEC)))
        reloading.store(made, ordering: .sequentiallyConsistent)
        installReloadHandler()
        return made
    }

    private static func installReloadHandler() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            let saved = errno
            let reloading = StopSignals.reloading.load(ordering: .relaxed)
            if reloading >= 0 { StopSignals.leaveWord(at: reloading) }
            errno = saved
        }
        action.sa_flags = Int32(SA_RESTART)
        sigaction(SIGHUP, &action, nil)
    }

    /// Blocks until work is to end, and calls `onReload` whenever it is to change meanwhile.
    ///
    /// - Returns: `false` when the work was done by itself.
    private static func waitForEnd(
        _ arrived: Int32, _ done: Int32, _ reload: Int32, _ onReload: () -> Void
    ) -> Bool {
        while true {
            var descriptors = [arrived, done, reload].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&descriptors, 3, -1) >= 0 || errno == EINTR else { return false }
            if descriptors[0].revents != 0 { return true }
            if descriptors[1].revents != 0 { return false }
            if descriptors[2].revents != 0 {
                var count: UInt64 = 0
                _ = read(reload, &count, MemoryLayout<UInt64>.size)
                onReload()
            }
        }
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
