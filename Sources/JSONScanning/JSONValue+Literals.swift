extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }

    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }

    /// A number.
    public init(integerLiteral value: Int) { self = .integer(value) }

    /// Values in their order.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    /// Members; of those of one name the last.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}
