/// What is asked with; Vignette only reads.
enum HTTPMethod: Sendable {
    case get
    /// The head of the answer alone.
    case head
}

/// The headers of a request or a response, in order.
///
/// Names are equal whatever their case (RFC 9110, section 5.1), and one may occur more than once.
struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
    private(set) var fields: [(name: String, value: String)] = []

    init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name: name, value: value) }
    }

    mutating func add(name: String, value: String) {
        fields.append((name, value))
    }

    /// The value of the first field of that name.
    func first(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    func contains(name: String) -> Bool { first(name: name) != nil }
}

/// Status and headers of a response, before its body.
struct HTTPResponseHead: Sendable {
    /// Such as 200 for success.
    let status: Int
    let headers: HTTPHeaders
}
