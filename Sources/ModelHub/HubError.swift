/// Why a model could not be fetched, checked or put in place: what, where, and what to do.
public struct HubError: Error, CustomStringConvertible, Sendable {
    /// What was dealt with: an address, a repository, a file.
    public let subject: String
    /// What is wrong with it, as a clause.
    public let reason: String
    /// What a person can do about it, as a sentence.
    public let advice: String?
    /// The error underneath, where there is one.
    public let cause: (any Error)?
    /// Whether the same request may well succeed a little later.
    let recovery: Recovery

    /// What another attempt is worth.
    enum Recovery: Equatable, Sendable {
        /// The answer would be the same.
        case none
        /// The connection or the server failed; the server may have said when to come back.
        case later(after: Duration?)
        /// The bytes fetched so far belong to something else: they go, and the file starts over.
        case startOver
    }

    init(
        _ subject: some CustomStringConvertible, _ reason: String, advice: String? = nil,
        cause: (any Error)? = nil, recovery: Recovery = .none
    ) {
        self.subject = Self.printable(subject.description, limit: 500)
        self.reason = reason
        self.advice = advice
        self.cause = cause
        self.recovery = recovery
    }

    /// One line for people.
    public var description: String {
        let because = cause.map { " (\(Self.printable("\($0)", limit: 300)))" } ?? ""
        return "\(subject): \(reason)\(because)" + (advice.map { ". \($0)" } ?? "")
    }

    /// A stranger's text for a terminal: short, and without characters that could steer it.
    static func printable(_ text: String, limit: Int = 120) -> String {
        let clean = text.unicodeScalars.prefix(limit).map { scalar in
            scalar.properties.generalCategory == .control
                || scalar.properties.generalCategory == .format
                ? "\u{FFFD}" : scalar
        }
        let shortened = text.unicodeScalars.count > limit ? "…" : ""
        return String(String.UnicodeScalarView(clean)) + shortened
    }
}
