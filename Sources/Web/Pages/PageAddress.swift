import Catalogue
import Daemon
import Digests
import Foundation

/// Addresses within the page.
enum PageAddress {
    /// An address with a query; values are escaped, those that are missing left out.
    static func with(_ path: String, _ query: (String, String?)...) -> String {
        let fields = query.compactMap { name, value in value.map { "\(name)=\(escaped($0))" } }
        return fields.isEmpty ? path : "\(path)?\(fields.joined(separator: "&"))"
    }

    /// A search.
    static func search(_ query: String) -> String { with("/search", ("q", query)) }

    /// A picture, perhaps as found by a search.
    static func picture(_ asset: Int64, foundBy query: String? = nil) -> String {
        with("/pictures/\(asset)", ("q", query))
    }

    /// A small picture, which is the same for ever.
    static func thumbnail(_ identity: [UInt8], _ size: ThumbnailSize) -> String {
        "/thumbnails/\(identity.hexadecimal)/\(size.rawValue)"
    }

    /// A filter of the query language, its value in quotes where it needs them.
    static func filter(_ key: String, _ value: String) -> String {
        let isPlain = value.allSatisfy { $0.isLetter || $0.isNumber || "-_./".contains($0) }
        return isPlain && !value.isEmpty
            ? "\(key):\(value)" : "\(key):\"\(value.replacing("\"", with: " "))\""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/")

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
