public import SystemPackage

/// Why a checkpoint's files cannot be used: which file, what is wrong, what to do.
public struct CheckpointError: Error, CustomStringConvertible {
    /// The file or folder.
    public let path: FilePath
    /// What is wrong with it, as a clause.
    public let reason: String
    /// What a person can do about it, as a sentence.
    public let advice: String
    /// The error underneath, where there is one.
    public let cause: (any Error)?

    /// Builds an error.
    public init(
        _ path: FilePath, _ reason: String, advice: String = Self.damaged,
        cause: (any Error)? = nil
    ) {
        self.path = path
        self.reason = reason
        self.advice = advice
        self.cause = cause
    }

    /// The advice for files that contradict themselves.
    public static let damaged = "The file is damaged or unfinished: download or copy it again."

    /// One line for people.
    public var description: String {
        let because = cause.map { " (\($0))" } ?? ""
        return "\(path): \(reason)\(because). \(advice)"
    }
}

/// Joins names for a message, the first few of them in full.
func listed(_ names: some Collection<String>) -> String {
    let shown = names.sorted().prefix(8).map { "'\(abbreviated($0))'" }.joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
}

/// A name fit for a message, whatever a file says: short, and nothing in it steers a terminal.
func abbreviated(_ name: String) -> String {
    let isLong = name.utf8.count > 120
    let shown = name.unicodeScalars.prefix(isLong ? 100 : 120).map { scalar in
        scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
    }
    return String(String.UnicodeScalarView(shown)) + (isLong ? "…" : "")
}
