/// Why what somebody typed cannot be searched, in one line that says what is allowed.
public struct QueryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong and what to write instead.
    public let description: String

    /// Builds an error.
    public init(_ description: String) {
        self.description = description
    }

    /// Somebody's text as a message shows it: short, quoted, in one line.
    public static func shown(_ text: some StringProtocol) -> String {
        let clean = text.unicodeScalars.prefix(40).map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.isWhitespace
                ? " " : String(scalar)
        }.joined()
        return "'\(clean)\(text.unicodeScalars.count > 40 ? "…" : "")'"
    }
}
