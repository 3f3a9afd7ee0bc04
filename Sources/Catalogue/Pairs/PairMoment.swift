/// A moment as files say it, for telling whether two are the same.
struct PairMoment: Equatable {
    /// Seconds since the beginning of the year 0 by the clock of the place.
    private let local: Double
    /// Seconds that the clock is ahead of UTC; `nil` if it is not said.
    private let zone: Double?
    private let isUTC: Bool

    /// Reads `2024-07-26T18:03:11`, with or without a zone; `nil` for a day alone.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            return Int(String(decoding: bytes[range], as: UTF8.self))
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), (1...12).contains(month)
        else { return nil }
        let hasSeconds = bytes.count >= 19 && bytes[16] == UInt8(ascii: ":")
        let second = hasSeconds ? number(17..<19) ?? 0 : 0
        let days = Self.days(year, month) + day
        local = Double(((days * 24 + hour) * 60 + minute) * 60 + second)
        let rest = bytes[(hasSeconds ? 19 : 16)...]
        isUTC = rest.first == UInt8(ascii: "Z")
        zone = isUTC ? 0 : Self.zone(rest)
    }

    /// Whether two moments are so many seconds apart at most; without one of them it is not known.
    ///
    /// Clips know UTC where stills know the clock of the place alone: then they may differ by whole
    /// quarters of an hour, as zones do.
    static func isNear(_ first: String?, _ second: String?, within seconds: Double) -> Bool {
        guard let first = first.flatMap(PairMoment.init),
            let second = second.flatMap(PairMoment.init)
        else { return false }
        if let one = first.zone, let other = second.zone {
            return abs((first.local - one) - (second.local - other)) <= seconds
        }
        let apart = abs(first.local - second.local)
        guard first.isUTC || second.isUTC else { return apart <= seconds }
        let quarter = 900.0
        let beside = abs(apart - (apart / quarter).rounded() * quarter)
        return apart <= 14 * 3600 + seconds && beside <= seconds
    }

    /// Days before a month, in the calendar of today.
    private static func days(_ year: Int, _ month: Int) -> Int {
        let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1]
        let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
        let last = year - 1
        return year * 365 + last / 4 - last / 100 + last / 400 + before
            + (isLeap && month > 2 ? 1 : 0)
    }

    /// `+02:00` in seconds.
    private static func zone(_ bytes: ArraySlice<UInt8>) -> Double? {
        guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
            return nil
        }
        let parts = String(decoding: bytes.dropFirst(), as: UTF8.self).split(separator: ":")
        guard parts.count == 2, let hours = Double(parts[0]), let minutes = Double(parts[1]) else {
            return nil
        }
        let seconds = (hours * 60 + minutes) * 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }
}
