import Foundation
import JSONScanning

/// Results of tools, within bounds.
enum ToolOutput {
    /// The longest text; longer than the longest path.
    private static let mostCharacters = 4200
    /// The most elements of a list.
    private static let mostElements = 256

    /// A result as the protocol takes it.
    ///
    /// - Throws: Errors of encoding.
    static func value(_ result: some Encodable) throws -> JSONValue {
        try JSONValue(document: Array(JSONLine.text(result).utf8))
            .cut(textsTo: mostCharacters, arraysTo: mostElements)
    }

    /// The schema of an object with these members, which may have more.
    static func schema(
        _ members: [String: JSONValue], required: [String]
    ) -> JSONValue {
        [
            "type": "object", "properties": .object(members),
            "required": .array(required.map { .string($0) }),
        ]
    }

    /// The schema of a list of such objects.
    static func list(_ members: [String: JSONValue], required: [String]) -> JSONValue {
        ["type": "array", "items": schema(members, required: required)]
    }

    static let text: JSONValue = ["type": "string"]
    static let number: JSONValue = ["type": "number"]
    static let boolean: JSONValue = ["type": "boolean"]
    static let texts: JSONValue = ["type": "array", "items": ["type": "string"]]
    /// A text, or the exact bytes in Base64 where they are no UTF-8.
    static let path: JSONValue = ["type": ["string", "object"]]
    static let paths: JSONValue = ["type": "array", "items": path]
}
