import JSONScanning

/// A resource that stands in a list.
public struct ListedResource: Sendable {
    let address: String
    let name: String
    let description: String?
    let type: String

    /// Describes a resource.
    ///
    /// - Parameters:
    ///   - address: Where it is read.
    ///   - name: What it is called.
    ///   - description: What it is, for the assistant.
    ///   - type: Its media type.
    public init(_ address: String, name: String, description: String?, type: String) {
        (self.address, self.name, self.description, self.type) = (address, name, description, type)
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "uri": .string(address), "name": .string(name), "mimeType": .string(type),
        ]
        members["description"] = description.map(JSONValue.string)
        return .object(members)
    }
}

/// A part of the list of resources.
public struct ResourcePage: Sendable {
    let resources: [ListedResource]
    let next: String?

    /// Puts a part together.
    ///
    /// - Parameters:
    ///   - resources: What stands in it.
    ///   - next: By what the next part is asked for; `nil` where this is the last.
    public init(_ resources: [ListedResource], next: String?) {
        (self.resources, self.next) = (resources, next)
    }

    var json: JSONValue {
        var members: [String: JSONValue] = ["resources": .array(resources.map(\.json))]
        members["nextCursor"] = next.map(JSONValue.string)
        return .object(members)
    }
}

/// Lists resources: given by what a part is asked for, `nil` for the first, its part; `nil` for what asks for none.
public typealias ResourceListing = @Sendable (String?, Cancellation) throws -> ResourcePage?
