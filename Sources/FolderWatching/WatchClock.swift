import CLinux
import FileSystem
import Glibc

/// The clocks of a watcher, nanoseconds each; tests put their own in.
struct WatchClock: Sendable {
    /// A clock that never jumps.
    var monotonic: @Sendable () -> Int64
    /// The clock that file times are taken from; it may be set at any moment.
    var wall: @Sendable () -> Int64

    /// The machine's clocks.
    static let system = WatchClock(
        monotonic: { read(CLOCK_MONOTONIC) }, wall: { read(CLOCK_REALTIME) })

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// Decides from a file's age alone whether it has stood still, where that can be decided.
struct AgeJudge {
    /// Steps of the wall clock below this are not noticed.
    private static let tolerance: Int64 = 100_000_000
    /// How old a file must be where its times come from another machine's clock: a day.
    private static let foreignAge: Int64 = 86_400_000_000_000

    private let clock: WatchClock
    private let settleTime: Int64
    private var offset: Int64
    private var distrustEnd = Int64.min

    /// - Parameters:
    ///   - clock: The clocks.
    ///   - settleTime: How long a file must stand still, in nanoseconds.
    init(clock: WatchClock, settleTime: Int64) {
        self.clock = clock
        self.settleTime = settleTime
        offset = clock.wall() - clock.monotonic()
    }

    /// Whether a file has not changed for the settle time; false when that has to be observed.
    ///
    /// `foreignClock`: its file system's times are not of this machine's clock.
    mutating func hasStoodStill(_ status: FileStatus, foreignClock: Bool) -> Bool {
        let wall = clock.wall()
        let now = clock.monotonic()
        // After a step of the clock a new file may look old until it really is.
        if abs(wall - now - offset) > Self.tolerance { distrustEnd = now + settleTime }
        offset = wall - now
        guard now >= distrustEnd else { return false }
        let (age, overflow) = wall.subtractingReportingOverflow(status.changed)
        return !overflow && age >= (foreignClock ? max(Self.foreignAge, settleTime) : settleTime)
    }
}

extension Duration {
    /// Whole nanoseconds; durations beyond 292 years stop there.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return product.addingReportingOverflow(attoseconds / 1_000_000_000).partialValue
    }
}
