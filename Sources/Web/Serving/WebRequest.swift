import Foundation
import NIOHTTP1

/// A request, read wholly and bounded, as routes see it.
struct WebRequest: Sendable {
    var method: HTTPMethod
    /// The parts of the path, each decoded once; none of them is empty, `.` or `..`.
    var path: [String]
    /// The values of the query by their names, the first of each.
    var query: [String: String]
    var headers: HTTPHeaders
    var body: [UInt8]
    /// The address of the other side of the connection, be it a proxy.
    var peer: String

    /// Reads a request's target: a path with perhaps a query behind it.
    ///
    /// - Returns: `nil` for whatever else a target may be, and for a path with a control character, a byte that is
    ///   no UTF-8, or a part that is empty, a dot or two.
    init?(_ head: HTTPRequestHead, body: [UInt8] = [], peer: String = "") {
        self.peer = peer
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, first.hasPrefix("/") else { return nil }
        var path = first.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        if path.last == "" { path.removeLast() }
        var decoded: [String] = []
        for part in path {
            guard let text = Self.decoded(part), !text.isEmpty, text != ".", text != "..",
                !text.contains("/")
            else { return nil }
            decoded.append(text)
        }
        method = head.method
        self.path = decoded
        headers = head.headers
        self.body = body
        guard let query = Self.fields(parts.count > 1 ? parts[1] : "") else { return nil }
        self.query = query
    }

    /// The fields of a form that was posted; `nil` if it is none.
    var form: [String: String]? {
        guard let text = String(validating: body, as: UTF8.self) else { return nil }
        return Self.fields(Substring(text))
    }

    /// The first value of a header; `nil` where there is none, or more than one.
    func header(_ name: String) -> String? {
        let values = headers[name]
        return values.count == 1 ? values[0] : nil
    }

    /// Fields as forms write them (application/x-www-form-urlencoded).
    private static func fields(_ text: Substring) -> [String: String]? {
        var fields: [String: String] = [:]
        for field in text.split(separator: "&") {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let spaced = pair.map { $0.replacing("+", with: " ") }
            guard let name = decoded(spaced[0][...]),
                let value = decoded(spaced.count > 1 ? spaced[1][...] : "")
            else { return nil }
            if fields[name] == nil { fields[name] = value }
        }
        return fields
    }

    /// A text without its percent signs; `nil` where that is no text, or has control characters.
    private static func decoded(_ text: Substring) -> String? {
        guard let decoded = String(text).removingPercentEncoding,
            decoded.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { return nil }
        return decoded
    }
}
