import Glibc

/// Moments that are counted in seconds.
enum EpochTime {
    /// As `TakenAt` writes it, without a zone; `nil` if it is no moment at which pictures are taken.
    static func moment(secondsFrom1970 seconds: Int) -> String? {
        var time = time_t(seconds)
        var parts = tm()
        guard gmtime_r(&time, &parts) != nil else { return nil }
        let numbers = [
            Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday),
            Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec),
        ].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return TakenAt.fromISO(
            numbers[..<3].joined(separator: "-") + " " + numbers[3...].joined(separator: ":"))
    }

    /// Of MP4 and QuickTime, which count from 1904 on, in UTC.
    static func moment(secondsFrom1904 seconds: Int) -> String? {
        moment(secondsFrom1970: seconds - 2_082_844_800).map { $0.count > 10 ? $0 + "Z" : $0 }
    }
}
