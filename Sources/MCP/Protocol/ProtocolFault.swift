import JSONScanning

/// Why a message is refused, as JSON-RPC 2.0 tells it (section 5.1).
public struct ProtocolFault: Error, Equatable, CustomStringConvertible {
    /// The number of its kind.
    public let code: Int
    /// What is wrong with it, for people.
    public let description: String

    /// The longest message, in characters: some repeat what was sent.
    private static let mostCharacters = 500

    init(_ code: Int, _ description: String) {
        self.code = code
        self.description = String(description.prefix(Self.mostCharacters))
    }

    /// What came is no JSON, or JSON deeper than any message.
    static func noJSON(_ reason: String) -> ProtocolFault {
        ProtocolFault(-32700, "not JSON that is taken: \(reason)")
    }

    /// What came is JSON and no request.
    static func noRequest(_ reason: String) -> ProtocolFault { ProtocolFault(-32600, reason) }

    /// There is no such method.
    static func noMethod(_ name: String) -> ProtocolFault {
        ProtocolFault(-32601, "there is no method '\(name)'")
    }

    /// The method does not take such parameters.
    public static func badParameters(_ reason: String) -> ProtocolFault {
        ProtocolFault(-32602, reason)
    }

    /// There is no such resource (the protocol's own number).
    public static func noResource(_ address: String) -> ProtocolFault {
        ProtocolFault(-32002, "there is no resource '\(address)'")
    }

    /// Something failed that nobody asked wrongly for.
    public static func failed(_ reason: String) -> ProtocolFault { ProtocolFault(-32603, reason) }

    /// Too many requests wait.
    static let busy = ProtocolFault(-32000, "too many requests wait already; ask again later")

    var json: JSONValue { ["code": .integer(code), "message": .string(description)] }
}
