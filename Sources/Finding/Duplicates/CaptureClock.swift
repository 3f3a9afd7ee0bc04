/// Moments by a camera's clock as seconds.
enum CaptureClock {
    /// Seconds from the beginning of the year 0 to a moment such as `2019-07-26T12:34:56.25`.
    ///
    /// - Parameter text: Local time as ISO 8601; what follows the seconds and their fraction is no part of it.
    /// - Returns: `nil` where it does not tell the second.
    static func seconds(_ text: String) -> Double? {
        let bytes = Array(text.utf8.prefix(32))
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            return bytes[range].reduce(0 as Int?) { value, byte in
                guard let value, (0x30...0x39).contains(byte) else { return nil }
                return value * 10 + Int(byte) - 0x30
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16),
            let second = number(17..<19), (1...12).contains(month)
        else { return nil }
        var fraction = 0.0
        if bytes.count > 20, bytes[19] == UInt8(ascii: ".") {
            let digits = bytes[20...].prefix { (0x30...0x39).contains($0) }
            fraction = digits.reversed().reduce(0.0) { ($0 + Double($1 - 0x30)) / 10 }
        }
        let whole = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        return Double(whole) + fraction
    }

    /// Days since 1 March of the year 0 in the Gregorian calendar, a year beginning with March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = (month + 9) % 12
        let years = month < 3 ? year - 1 : year
        return 365 * years + years / 4 - years / 100 + years / 400 + (shifted * 306 + 5) / 10 + day
            - 1
    }
}
