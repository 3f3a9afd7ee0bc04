import Glibc

/// A moment on the clock that never jumps (`CLOCK_MONOTONIC`).
struct Deadline {
    private let nanoseconds: UInt64

    /// The moment that many seconds from now.
    init(seconds: Double) {
        let span = min(max(seconds, 0), 1e9) * 1e9
        nanoseconds = Self.now + UInt64(span)
    }

    /// Milliseconds left, rounded up, as `poll` takes them; 0 once it has passed.
    var milliseconds: Int32 {
        let now = Self.now
        guard now < nanoseconds else { return 0 }
        return Int32(clamping: (nanoseconds - now + 999_999) / 1_000_000)
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
