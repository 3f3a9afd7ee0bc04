/// A small part of a document, read whole because its members depend on each other.
///
/// For settings, not for data: depth and size are bounded.
public indirect enum JSONValue: Equatable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number without fraction or exponent that fits `Int`.
    case integer(Int)
    /// Any other number, whose value nobody asks for.
    case otherNumber
    /// A text.
    case string(String)
    /// Values in their order.
    case array([JSONValue])
    /// Members; none stands twice.
    case object([String: JSONValue])

    /// The most values that one reading yields.
    public static let maximumCount = 1 << 20
    /// How many arrays and objects may stand within each other.
    public static let maximumDepth = 32

    /// The member of an object; nil for any other value.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    /// The text, if it is one.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number, if it is an integer.
    public var integer: Int? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// The truth value, if it is one.
    public var boolean: Bool? {
        guard case .boolean(let value) = self else { return nil }
        return value
    }

    /// The elements, if it is an array.
    public var array: [JSONValue]? {
        guard case .array(let values) = self else { return nil }
        return values
    }
}

extension JSONScanner {
    /// Reads one value whole.
    ///
    /// - Throws: `Failure` where no value stands, where a member stands twice, or beyond
    ///   `JSONValue.maximumDepth` and `JSONValue.maximumCount`.
    public mutating func value() throws -> JSONValue {
        var count = 0
        return try value(depth: 0, count: &count)
    }

    private mutating func value(depth: Int, count: inout Int) throws -> JSONValue {
        count += 1
        guard depth <= JSONValue.maximumDepth, count <= JSONValue.maximumCount else {
            throw failure("more values, or deeper ones, than settings have")
        }
        switch peek() {
        case UInt8(ascii: "{"):
            var members: [String: JSONValue] = [:]
            try object { scanner, key in
                let value = try scanner.value(depth: depth + 1, count: &count)
                guard members.updateValue(value, forKey: key) == nil else {
                    throw scanner.failure("a member that stands twice")
                }
            }
            return .object(members)
        case UInt8(ascii: "["):
            var values: [JSONValue] = []
            try array { values.append(try $0.value(depth: depth + 1, count: &count)) }
            return .array(values)
        case UInt8(ascii: "\""):
            return .string(try string())
        case UInt8(ascii: "t"), UInt8(ascii: "f"):
            return .boolean(try boolean())
        default:
            if takeNull() { return .null }
            return try number()
        }
    }

    private mutating func number() throws -> JSONValue {
        var ahead = self
        if let integer = try? ahead.integer() {
            self = ahead
            return .integer(integer)
        }
        try skipValue()
        return .otherNumber
    }
}
