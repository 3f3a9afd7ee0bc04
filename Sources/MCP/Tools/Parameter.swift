import JSONScanning

/// A parameter of a tool: what it is for, and what it may be.
public struct Parameter: Sendable {
    /// What a value may be.
    public indirect enum Kind: Sendable {
        /// A text of so many characters at most.
        case text(mostCharacters: Int)
        /// A whole number within bounds.
        case integer(ClosedRange<Int>)
        /// Yes or no.
        case boolean
        /// One of a few words.
        case choice([String])
        /// So many values of one kind.
        case list(Kind, count: ClosedRange<Int>)
    }

    let name: String
    let kind: Kind
    let description: String
    let isRequired: Bool

    /// Describes a parameter.
    public init(_ name: String, _ kind: Kind, _ description: String, isRequired: Bool = false) {
        self.name = name
        self.kind = kind
        self.description = description
        self.isRequired = isRequired
    }

    /// Its schema (JSON Schema).
    var schema: JSONValue {
        var schema = kind.schema
        schema["description"] = .string(description)
        return .object(schema)
    }
}

extension Parameter.Kind {
    fileprivate var schema: [String: JSONValue] {
        switch self {
        case .text(let most): ["type": "string", "maxLength": .integer(most)]
        case .integer(let range):
            [
                "type": "integer", "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
            ]
        case .boolean: ["type": "boolean"]
        case .choice(let words): ["type": "string", "enum": .array(words.map { .string($0) })]
        case .list(let kind, let count):
            [
                "type": "array", "items": .object(kind.schema),
                "minItems": .integer(count.lowerBound), "maxItems": .integer(count.upperBound),
            ]
        }
    }

    /// What is wrong with a value, as a clause behind its name; `nil` where nothing is.
    func objection(to value: JSONValue) -> String? {
        switch self {
        case .text(let most):
            guard let text = value.string else { return "is a text" }
            // The kernel's texts end there: what follows would go unseen.
            if text.unicodeScalars.contains("\0") { return "has no null characters" }
            if text.unicodeScalars.count > most { return "has at most \(most) characters" }
        case .integer(let range):
            guard let number = value.integer, range.contains(number) else {
                return "is a whole number from \(range.lowerBound) to \(range.upperBound)"
            }
        case .boolean:
            if value.boolean == nil { return "is true or false" }
        case .choice(let words):
            guard let word = value.string, words.contains(word) else {
                return "is one of \(words.joined(separator: ", "))"
            }
        case .list(let kind, let count):
            guard let values = value.array, count.contains(values.count) else {
                return "is a list of \(count.lowerBound) to \(count.upperBound) values"
            }
            if let objection = values.lazy.compactMap(kind.objection).first {
                return "has a value that \(objection)"
            }
        }
        return nil
    }
}
