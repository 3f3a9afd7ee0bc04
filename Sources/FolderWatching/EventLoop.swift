import CLinux
import Glibc
import SystemPackage

/// Sleeps until one of a watcher's descriptors has something to say, or a moment has come.
///
/// With nothing armed it sleeps in `epoll_wait` without a limit: at rest there are no wake-ups.
final class EventLoop {
    private let epoll: FileDescriptor
    private let timer: FileDescriptor
    private var armed: Int64?

    /// - Throws: `Errno`.
    init() throws(Errno) {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw Errno(rawValue: errno) }
        self.epoll = FileDescriptor(rawValue: epoll)
        let timer = timerfd_create(
            CLOCK_MONOTONIC, Int32(TFD_NONBLOCK) | Int32(TFD_CLOEXEC))
        guard timer >= 0 else {
            let error = Errno(rawValue: errno)
            close(epoll)
            throw error
        }
        self.timer = FileDescriptor(rawValue: timer)
        try add(self.timer, interest: EPOLLIN.rawValue)
    }

    deinit {
        try? epoll.close()
        try? timer.close()
    }

    /// Wakes up for a descriptor from now on.
    ///
    /// - Parameters:
    ///   - descriptor: What to listen to; it outlives the loop.
    ///   - interest: The conditions, of epoll's (`EPOLLIN` …).
    /// - Throws: `Errno`.
    func add(_ descriptor: FileDescriptor, interest: UInt32) throws(Errno) {
        var event = epoll_event(
            events: interest, data: epoll_data(fd: descriptor.rawValue))
        guard epoll_ctl(epoll.rawValue, EPOLL_CTL_ADD, descriptor.rawValue, &event) == 0 else {
            throw Errno(rawValue: errno)
        }
    }

    /// Sleeps until something is ready or the deadline has come.
    ///
    /// Who woke it is not said: all sources are asked in turn anyway, none of them blocks.
    ///
    /// - Parameter deadline: Nanoseconds of `CLOCK_MONOTONIC`; nil for none.
    /// - Throws: `Errno`.
    func sleep(until deadline: Int64?) throws(Errno) {
        try arm(deadline)
        var events = [epoll_event](repeating: epoll_event(), count: 4)
        let count = epoll_wait(epoll.rawValue, &events, Int32(events.count), -1)
        // A signal is as good a reason to look around as any.
        guard count >= 0 || errno == EINTR else { throw Errno(rawValue: errno) }
        var expirations: UInt64 = 0
        if Glibc.read(timer.rawValue, &expirations, MemoryLayout<UInt64>.size) > 0 { armed = nil }
    }

    private func arm(_ deadline: Int64?) throws(Errno) {
        guard deadline != armed else { return }
        var time = itimerspec()
        if let deadline {
            // Zero would disarm the timer.
            let moment = max(deadline, 1)
            time.it_value.tv_sec = Int(moment / 1_000_000_000)
            time.it_value.tv_nsec = Int(moment % 1_000_000_000)
        }
        let flags = Int32(TFD_TIMER_ABSTIME)
        guard timerfd_settime(timer.rawValue, flags, &time, nil) == 0 else {
            throw Errno(rawValue: errno)
        }
        armed = deadline
    }
}
