/// Moments with the name of the month in them.
///
/// PNG recommends RFC 1123's form for its text "Creation Time" (`Tue, 09 Apr 2019 16:19:13 +0200`),
/// and cameras write C's `asctime` into AVI (`Tue Apr 09 16:19:13 2019`).
enum WrittenMoment {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    /// As `TakenAt` writes it, or `nil`; forms without a month's name are read as well.
    static func parse(_ text: String?) -> String? {
        guard let text = text?.prefix(100) else { return nil }
        let words = text.split { $0.isWhitespace || $0 == "," || $0 == "\0" }
        guard let place = words.firstIndex(where: { month($0) != nil }),
            let month = month(words[place])
        else { return TakenAt.fromISO(String(text)) }
        let numbers = words.filter { $0.allSatisfy { $0.isASCII && $0.isNumber } }
        guard let day = numbers.first(where: { $0.count <= 2 }).flatMap({ Int($0) }),
            let year = numbers.first(where: { $0.count == 4 })
        else { return nil }
        let time = words.first { $0.contains(":") } ?? ""
        let zone = words.last { $0.first == "+" || $0.first == "-" }
        let isUniversal = words.contains { ["GMT", "UTC", "Z"].contains($0.uppercased()) }
        return TakenAt.fromISO(
            "\(year)-\(month)-\(day) \(time)\(zone ?? (isUniversal ? "Z" : ""))")
    }

    /// 1 to 12 for a month's English name or its first three letters.
    private static func month(_ word: Substring) -> Int? {
        guard word.count >= 3, word.allSatisfy(\.isLetter) else { return nil }
        return months.firstIndex(of: String(word.lowercased().prefix(3))).map { $0 + 1 }
    }
}
