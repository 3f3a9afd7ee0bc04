/// Moments as `CaptureFacts.takenAt` writes them, from what cameras and programs write.
enum TakenAt {
    /// `2024:07:26 18:03:11` and an offset such as `+02:00`; `nil` if that is no moment.
    static func fromExif(_ text: String?, offset: String?) -> String? {
        guard let text else { return nil }
        return normalise(text, offset: offset)
    }

    /// ISO 8601 as containers and XMP write it, with or without time, fractions and zone.
    static func fromISO(_ text: String?) -> String? {
        text.flatMap { normalise($0, offset: nil) }
    }

    /// Seconds since 1970; `nil` for moments at which nobody took a picture.
    static func fromUnix(_ seconds: Int) -> String? {
        let (days, rest) = (seconds / 86_400, seconds % 86_400)
        // Beyond that no day is one, and the sums might not hold.
        guard (0..<100_000).contains(days), rest >= 0 else { return nil }
        // Years that begin in March, so that the leap day is the last (Hinnant, "chrono-Compatible
        // Low-Level Date Algorithms").
        let shifted = days + 719_468
        let era = shifted / 146_097
        let day = shifted % 146_097
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let ofYear = day - (365 * year + year / 4 - year / 100)
        let month = (5 * ofYear + 2) / 153
        let numbers = [
            year + era * 400 + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9,
            ofYear - (153 * month + 2) / 5 + 1,
        ]
        let date = pad(numbers[0], 4) + "-" + pad(numbers[1], 2) + "-" + pad(numbers[2], 2)
        let time = [rest / 3600, rest / 60 % 60, rest % 60].map { pad($0, 2) }
        return fromISO(date + "T" + time.joined(separator: ":") + "Z")
    }

    /// The first of the candidates, made more exact by the next one that says the same and more.
    ///
    /// A day alone gains its time so, a local time its zone.
    static func first(of candidates: [String?]) -> String? {
        let valid = candidates.compactMap { $0 }
        guard let first = valid.first else { return nil }
        return valid.first { $0.count > first.count && $0.hasPrefix(first) } ?? first
    }

    /// Any separators, fractions dropped; `nil` for days that cannot be or that clocks show unset.
    ///
    /// A time that cannot be, such as 24:19, leaves the day.
    private static func normalise(_ text: String, offset: String?) -> String? {
        var scanner = MomentScanner(text)
        guard let year = scanner.number(4...4), let month = scanner.number(1...2, after: "-:/. "),
            let day = scanner.number(1...2, after: "-:/. ")
        else { return nil }
        let date = [year, month, day]
        guard isDay(date) else { return nil }
        let written = pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2)
        guard let hour = scanner.number(1...2, after: "Tt: "),
            let minute = scanner.number(2...2, after: ":."), hour < 24, minute < 60
        else { return isUnset(date, [0, 0, 0]) ? nil : written }
        let second = scanner.number(1...2, after: ":.")
        guard second ?? 0 <= 60, !isUnset(date, [hour, minute, second ?? 0]) else {
            return isUnset(date, [0, 0, 0]) ? nil : written
        }
        let ofText = zone(scanner.restWithoutFraction())
        return written + "T" + pad(hour, 2) + ":" + pad(minute, 2)
            + (second.map { ":" + pad($0, 2) } ?? "")
            + (ofText.isEmpty ? offset.map(zone) ?? "" : ofText)
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: width - digits.count) + digits
    }

    /// Whether year, month and day are a day on which somebody took a picture.
    private static func isDay(_ date: [Int]) -> Bool {
        let (year, month, day) = (date[0], date[1], date[2])
        guard (1826...2200).contains(year), (1...12).contains(month) else { return false }
        let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        return (1...days).contains(day)
    }

    /// The epochs of QuickTime (1904), Unix (1970) and DOS (1980), to the second, are unset clocks.
    private static func isUnset(_ date: [Int], _ time: [Int]) -> Bool {
        [1904, 1970, 1980].contains(date[0]) && date[1...].elementsEqual([1, 1])
            && time.allSatisfy { $0 == 0 }
    }

    /// `Z` or `+hh:mm` from the ways to write a zone; empty if it is none.
    private static func zone(_ text: String) -> String {
        let trimmed = text.filter { !$0.isWhitespace && $0 != ":" && $0 != "\0" }
        guard trimmed.uppercased() != "Z" else { return "Z" }
        guard let sign = trimmed.first, sign == "+" || sign == "-" else { return "" }
        let digits = trimmed.dropFirst()
        guard digits.count == 4, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let hours = Int(digits.prefix(2)), let minutes = Int(digits.suffix(2)), hours <= 14,
            minutes < 60
        else { return "" }
        return "\(sign)\(digits.prefix(2)):\(digits.suffix(2))"
    }
}

/// Takes the numbers of a moment one after the other.
private struct MomentScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8.prefix(64))
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }

    /// The next number of so many digits, behind at most two of the separators.
    mutating func number(_ digits: ClosedRange<Int>, after separators: String = "") -> Int? {
        let start = position
        while position < min(start + 2, bytes.count), separators.utf8.contains(bytes[position]) {
            position += 1
        }
        var value = 0
        var count = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]),
            count < digits.upperBound
        {
            value = value * 10 + Int(bytes[position]) - 0x30
            position += 1
            count += 1
        }
        if digits.contains(count) { return value }
        position = start
        return nil
    }

    /// What follows the numbers, without the fraction of a second.
    func restWithoutFraction() -> String {
        var rest = bytes[position...]
        if let mark = rest.first, mark == 0x2e || mark == 0x2c {
            rest = rest.dropFirst().drop { (0x30...0x39).contains($0) }
        }
        return String(decoding: rest, as: UTF8.self)
    }
}
