extension JSONValue {
    /// Reads a document that is one value.
    ///
    /// - Parameter document: JSON in UTF-8.
    /// - Throws: `JSONScanner.Failure`, as `JSONScanner.value()` does, and where more follows.
    public init(document: [UInt8]) throws {
        self = try document.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            let value = try scanner.value()
            try scanner.expectEnd()
            return value
        }
    }

    /// The members, if it is an object.
    public var members: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The value with its long texts cut, and its long arrays too.
    ///
    /// - Parameters:
    ///   - characters: The most characters that a text keeps; a cut one ends with `…`.
    ///   - elements: The most elements that an array keeps.
    /// - Returns: The value within these bounds.
    public func cut(textsTo characters: Int, arraysTo elements: Int) -> JSONValue {
        switch self {
        case .string(let text):
            let end = text.index(text.startIndex, offsetBy: characters, limitedBy: text.endIndex)
            guard let end, end < text.endIndex else { return self }
            return .string(text[..<end] + "…")
        case .array(let values):
            return .array(
                values.prefix(elements).map { $0.cut(textsTo: characters, arraysTo: elements) })
        case .object(let members):
            return .object(
                members.mapValues { $0.cut(textsTo: characters, arraysTo: elements) })
        case .null, .boolean, .integer, .number: return self
        }
    }
}
