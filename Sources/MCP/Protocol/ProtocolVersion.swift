/// The revisions of the Model Context Protocol that are spoken, the oldest first.
///
/// Source: modelcontextprotocol.io/specification, by date.
public enum ProtocolVersion: String, CaseIterable, Sendable {
    /// The first.
    case november2024 = "2024-11-05"
    /// Annotations of tools, and JSON-RPC's batches.
    case march2025 = "2025-03-26"
    /// Results by a schema, titles, and no batches any more.
    case june2025 = "2025-06-18"

    /// The newest.
    static let newest = june2025

    /// Whether several messages may come in one array.
    var hasBatches: Bool { self == .march2025 }
    /// Whether tools say what they do to the world.
    var hasAnnotations: Bool { self != .november2024 }
    /// Whether tools have titles, and results a structure with a schema.
    var hasStructure: Bool { self == .june2025 }
}
