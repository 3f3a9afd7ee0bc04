public import SystemPackage

/// Why a tokenizer's files cannot be used, or a text not be encoded.
public struct TokenizerError: Error, CustomStringConvertible {
    /// The file.
    public let path: FilePath
    /// What is wrong, naming the key, as a clause.
    public let reason: String
    /// The error underneath, where there is one.
    public let cause: (any Error)?

    /// Builds an error.
    public init(_ path: FilePath, _ reason: String, cause: (any Error)? = nil) {
        self.path = path
        self.reason = reason
        self.cause = cause
    }

    /// One line for people.
    public var description: String {
        let because = cause.map { " (\($0))" } ?? ""
        return "\(path): \(reason)\(because). Use the tokenizer files that came with the model."
    }
}

/// What is wrong at a key of `tokenizer.json`; becomes a `TokenizerError` once the file is known.
struct DefinitionFlaw: Error, CustomStringConvertible {
    let description: String

    init(_ key: String, _ reason: String) {
        description = "'\(key)' \(reason)"
    }
}

/// A text short enough for a message, whatever a file says.
func abbreviated(_ text: String) -> String {
    guard text.utf8.count > 80 else { return text }
    return String(text.unicodeScalars.prefix(60)) + "…"
}
