/// Resources whose addresses follow a pattern; they are read only.
public struct ResourceTemplate: Sendable {
    let pattern: String
    let name: String
    let description: String
    let type: String
    let read: @Sendable (String, Cancellation) throws -> [UInt8]?

    /// Describes resources.
    ///
    /// - Parameters:
    ///   - pattern: Their addresses (RFC 6570).
    ///   - name: What they are called.
    ///   - description: What they are, for the assistant.
    ///   - type: Their media type.
    ///   - read: The bytes of the one at an address, on a thread where it may block; `nil` where there is none.
    public init(
        _ pattern: String, name: String, description: String, type: String,
        read: @escaping @Sendable (String, Cancellation) throws -> [UInt8]?
    ) {
        self.pattern = pattern
        self.name = name
        self.description = description
        self.type = type
        self.read = read
    }
}
