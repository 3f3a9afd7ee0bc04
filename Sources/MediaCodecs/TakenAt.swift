/// Moments as `MediaMetadata.takenAt` writes them, from what cameras write.
enum TakenAt {
    /// `2024:07:26 18:03:11` and an offset such as `+02:00`; `nil` if that is no moment.
    static func fromExif(_ text: String?, offset: String?) -> String? {
        guard let text else { return nil }
        return normalise(text + (offset.map { zone($0) } ?? ""))
    }

    /// ISO 8601 as containers write it, with or without fractions and zone.
    static func fromISO(_ text: String?) -> String? {
        text.flatMap(normalise)
    }

    /// Any separators, fractions dropped; `nil` for dates that cannot be or that clocks show unset.
    private static func normalise(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 19 else { return nil }
        let starts = [0, 5, 8, 11, 14, 17]
        var numbers: [Int] = []
        for (index, start) in starts.enumerated() {
            let digits = bytes[start..<start + (index == 0 ? 4 : 2)]
            guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            numbers.append(digits.reduce(0) { $0 * 10 + Int($1) - 0x30 })
        }
        guard isPlausible(numbers) else { return nil }
        let padded = numbers.enumerated().map { index, number in
            let digits = String(number)
            return String(repeating: "0", count: (index == 0 ? 4 : 2) - digits.count) + digits
        }
        let rest = String(decoding: bytes[19...], as: UTF8.self)
            .drop { $0 == "." || $0.isASCII && $0.isNumber }
        return padded[..<3].joined(separator: "-") + "T" + padded[3...].joined(separator: ":")
            + zone(String(rest))
    }

    /// Whether year, month, day, hour, minute, second make a moment at which somebody took a picture.
    ///
    /// The epochs of QuickTime (1904), Unix (1970) and DOS (1980), to the second, are unset clocks.
    private static func isPlausible(_ parts: [Int]) -> Bool {
        let (year, month, day) = (parts[0], parts[1], parts[2])
        guard (1826...2200).contains(year), (1...12).contains(month), parts[3] < 24, parts[4] < 60,
            parts[5] <= 60
        else { return false }
        let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        guard (1...days).contains(day) else { return false }
        let isUnset = [1904, 1970, 1980].contains(year) && Array(parts[1...]) == [1, 1, 0, 0, 0]
        return !isUnset
    }

    /// `Z` or `+hh:mm` from the ways to write a zone; empty if it is none.
    private static func zone(_ text: String) -> String {
        let trimmed = text.filter { !$0.isWhitespace && $0 != ":" }
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
