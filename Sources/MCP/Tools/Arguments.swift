public import JSONScanning

/// What a tool was called with, checked against its parameters.
public struct Arguments: Sendable {
    private let values: [String: JSONValue]

    /// Checks what came.
    ///
    /// - Throws: `ProtocolFault` for what is missing, unknown, of another kind or out of bounds.
    init(_ value: JSONValue?, for parameters: [Parameter]) throws(ProtocolFault) {
        guard case .object(let given) = value ?? [:] else {
            throw .badParameters("'arguments' is an object")
        }
        for name in given.keys.sorted() where !parameters.contains(where: { $0.name == name }) {
            throw .badParameters("there is no argument '\(name)'")
        }
        for parameter in parameters {
            guard let value = given[parameter.name], value != .null else {
                guard !parameter.isRequired else {
                    throw .badParameters("the argument '\(parameter.name)' is missing")
                }
                continue
            }
            if let objection = parameter.kind.objection(to: value) {
                throw .badParameters("the argument '\(parameter.name)' \(objection)")
            }
        }
        values = given
    }

    /// A value; `nil` where none was given.
    public subscript(name: String) -> JSONValue? { values[name] }

    /// The texts of a list, or a text alone; none where nothing was given.
    public func texts(_ name: String) -> [String] {
        values[name]?.array?.compactMap(\.string) ?? values[name]?.string.map { [$0] } ?? []
    }
}
