import Catalogue

/// Years, months and days as people write them in filters.
struct DateWords: Equatable {
    var year: Int?
    var month: Int?
    var day: Int?

    /// Reads `2019`, `2019-07`, `2019-07-26`, `07-26`, `july`, `jul`; `nil` for what is no date, also for days
    /// that do not exist.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        if parts.count == 1, let month = Self.month(named: text) {
            self.month = month
            return
        }
        let hasYear = parts.first?.count == 4
        guard parts.count <= (hasYear ? 3 : 2), hasYear || parts.count == 2 else { return nil }
        var numbers: [Int] = []
        for (place, part) in parts.enumerated() {
            guard hasYear && place == 0 || (1...2).contains(part.count),
                part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(part)
            else { return nil }
            numbers.append(number)
        }
        if hasYear { year = numbers.removeFirst() }
        month = numbers.first
        day = numbers.count > 1 ? numbers[1] : nil
        guard exists else { return nil }
    }

    private var exists: Bool {
        guard let month else { return year.map { $0 > 0 } ?? false }
        guard year ?? 1 > 0, (1...12).contains(month) else { return false }
        guard let day else { return true }
        return (1...Self.days(in: month, of: year)).contains(day)
    }

    /// The span of a date with a year: from its beginning up to the next one's.
    var span: CaptureSpan? {
        guard let year else { return nil }
        let from = Self.text(year, month, day)
        guard let month else { return CaptureSpan(from: from, to: Self.text(year + 1, nil, nil)) }
        let nextMonth = month == 12 ? Self.text(year + 1, 1, nil) : Self.text(year, month + 1, nil)
        guard let day else { return CaptureSpan(from: from, to: nextMonth) }
        let isLast = day == Self.days(in: month, of: year)
        return CaptureSpan(
            from: from, to: isLast ? nextMonth : Self.text(year, month, day + 1))
    }

    private static func text(_ year: Int, _ month: Int?, _ day: Int?) -> String {
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        // What follows the last year that has four digits is greater than any.
        guard year <= 9999 else { return ":" }
        return ([digits(year, 4)] + [month, day].compactMap { $0.map { digits($0, 2) } })
            .joined(separator: "-")
    }

    private static func days(in month: Int, of year: Int?) -> Int {
        guard month == 2 else { return [4, 6, 9, 11].contains(month) ? 30 : 31 }
        // In some year there is a 29th.
        guard let year else { return 29 }
        return year % 4 == 0 && year % 100 != 0 || year % 400 == 0 ? 29 : 28
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ]

    /// A month by its English name or the first three letters of it, or more.
    private static func month(named text: String) -> Int? {
        let name = text.lowercased()
        guard name.count >= 3 else { return nil }
        return months.firstIndex { $0.hasPrefix(name) }.map { $0 + 1 }
    }
}
