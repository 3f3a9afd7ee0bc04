import Foundation

/// A value of the configuration after its text was checked against its key.
enum SettingValue: Equatable {
    case text(String)
    case integer(Int)
    case number(Double)

    /// Reads one value.
    ///
    /// - Throws: `SettingsError` that says what would be right.
    static func parse(_ text: String, for key: SettingKey, place: String) throws -> SettingValue {
        func refuse(_ expected: String) -> SettingsError {
            SettingsError(
                place: place, problem: "'\(key.rawValue)' must be \(expected), not '\(text)'")
        }
        switch key.form {
        case .text, .list:
            guard !text.isEmpty else { throw refuse("a text") }
            return .text(text)
        case .choice(let words):
            guard words.contains(text) else {
                throw refuse("one of " + words.joined(separator: ", "))
            }
            return .text(text)
        case .integer(let range):
            guard let value = Int(text), range.contains(value) else {
                throw refuse("a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return .integer(value)
        case .number(let range):
            guard let value = Double(text), range.contains(value) else {
                let bounds = [range.lowerBound, range.upperBound].map { plain($0) }
                throw refuse("a number from \(bounds[0]) to \(bounds[1])")
            }
            return .number(value)
        }
    }

    private static func plain(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
