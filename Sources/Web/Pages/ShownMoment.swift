import Foundation

/// Moments and lengths as people read them.
enum ShownMoment {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October",
        "November", "December",
    ]

    /// The month of a moment in ISO 8601, or as much of it as is told: `July 2019`.
    static func month(_ moment: String?) -> String {
        guard let moment, let year = year(moment) else { return "Without a date" }
        guard let month = number(moment, 5..<7), (1...12).contains(month) else { return year }
        return "\(months[month - 1]) \(year)"
    }

    /// The name of a month without its year; the year where no month is told.
    static func monthName(_ moment: String) -> String {
        guard let month = number(moment, 5..<7), (1...12).contains(month) else { return moment }
        return months[month - 1]
    }

    /// The year of a moment.
    static func year(_ moment: String) -> String? {
        number(moment, 0..<4).map { _ in String(moment.prefix(4)) }
    }

    /// Day, month and year, and the time where it is told: `26 July 2019, 12:00`.
    static func full(_ moment: String) -> String {
        guard let day = number(moment, 8..<10) else { return month(moment) }
        let time = moment.count >= 16 ? ", \(moment.dropFirst(11).prefix(5))" : ""
        return "\(day) \(month(moment))\(time)"
    }

    /// A length or a place in a clip: `1:05`, `1:02:05`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds.isFinite ? seconds : 0, 0), 1e7))
        let minutes = String(format: whole >= 3600 ? "%02d" : "%d", whole / 60 % 60)
        return (whole >= 3600 ? "\(whole / 3600):" : "") + minutes
            + String(format: ":%02d", whole % 60)
    }

    private static func number(_ moment: String, _ places: Range<Int>) -> Int? {
        let digits = moment.utf8.dropFirst(places.lowerBound).prefix(places.count)
        guard digits.count == places.count, digits.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
