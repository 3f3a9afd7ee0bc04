import JSONScanning

/// What a request is known by.
enum RequestID: Hashable, Sendable {
    case text(String)
    case number(Int)

    /// Reads one; `nil` for what the protocol does not allow, such as `null` and fractions.
    init?(_ value: JSONValue?) {
        switch value {
        case .string(let text): self = .text(text)
        case .integer(let number): self = .number(number)
        default: return nil
        }
    }

    var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): .integer(number)
        }
    }
}
