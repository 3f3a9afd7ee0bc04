public import JSONScanning

/// Something that an assistant can have done; tools only read.
public struct Tool: Sendable {
    /// How long it takes.
    public enum Pace: Sendable {
        /// A moment: calls wait for each other.
        case quick
        /// Long: one at a time, and others are refused meanwhile.
        case slow
    }

    let name: String
    let title: String
    let description: String
    let parameters: [Parameter]
    let output: JSONValue
    let pace: Pace
    let run: @Sendable (Arguments, Cancellation) throws -> JSONValue

    /// Describes a tool.
    ///
    /// - Parameters:
    ///   - name: What it is called by.
    ///   - title: Its name for people.
    ///   - description: What it does, for the assistant.
    ///   - parameters: What it takes.
    ///   - output: The schema of its results, which are objects.
    ///   - pace: How long it takes.
    ///   - run: Does it, on a thread where it may block. What it throws is told the assistant as a failure of the tool.
    public init(
        _ name: String, title: String, description: String, parameters: [Parameter],
        output: JSONValue, pace: Pace = .quick,
        run: @escaping @Sendable (Arguments, Cancellation) throws -> JSONValue
    ) {
        self.name = name
        self.title = title
        self.description = description
        self.parameters = parameters
        self.output = output
        self.pace = pace
        self.run = run
    }

    /// How it stands in a list of tools.
    func listed(for version: ProtocolVersion) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name), "description": .string(description),
            "inputSchema": [
                "type": "object", "additionalProperties": false,
                "properties": .object(
                    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.schema) })),
                "required": .array(parameters.filter(\.isRequired).map { .string($0.name) }),
            ],
        ]
        if version.hasAnnotations {
            members["annotations"] = [
                "title": .string(title), "readOnlyHint": true, "openWorldHint": false,
            ]
        }
        if version.hasStructure {
            members["title"] = .string(title)
            members["outputSchema"] = output
        }
        return .object(members)
    }
}

/// Results of tools as the protocol has them.
enum ToolResult {
    /// What a tool has found: the same as text, and by its schema where the version knows that.
    static func found(_ value: JSONValue, for version: ProtocolVersion) -> JSONValue {
        var members: [String: JSONValue] = [
            "content": [["type": "text", "text": .string(value.text)]], "isError": false,
        ]
        if version.hasStructure { members["structuredContent"] = value }
        return .object(members)
    }

    /// Why a tool has found nothing.
    static func failure(_ reason: String) -> JSONValue {
        [
            "content": [["type": "text", "text": .string(String(reason.prefix(2000)))]],
            "isError": true,
        ]
    }
}
