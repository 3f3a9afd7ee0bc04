import Foundation

/// An absolute `http` or `https` address with a host.
struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    let url: URL
    let scheme: String
    let host: String
    let port: Int

    /// Without a query, which often holds a signature that is a secret.
    var description: String {
        let shown = url.absoluteString.prefix { $0 != "?" && $0 != "#" }
        return String(shown)
    }

    /// Scheme, host and port: what a secret may be sent to.
    var origin: String { "\(scheme)://\(host):\(port)" }

    init?(_ text: String) {
        guard text.utf8.count <= 16_384, let url = URL(string: text) else { return nil }
        self.init(url)
    }

    /// A name and password within an address are refused: nothing that Vignette asks for has them.
    private init?(_ url: URL) {
        guard let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = url.host(percentEncoded: false)?.lowercased(), !host.isEmpty,
            url.user() == nil, url.password() == nil
        else { return nil }
        let port = url.port ?? (scheme == "https" ? 443 : 80)
        guard (1...65_535).contains(port) else { return nil }
        (self.url, self.scheme, self.host, self.port) = (url, scheme, host, port)
    }

    /// The address that a redirect's `Location` means, seen from here.
    func resolving(_ location: String) -> WebAddress? {
        guard location.utf8.count <= 16_384 else { return nil }
        return URL(string: location, relativeTo: url).flatMap { WebAddress($0.absoluteURL) }
    }

    /// The address with more path, whatever characters that has, and a query of plain characters.
    func appending(_ components: [String], query: String? = nil) -> WebAddress? {
        let path = components.map { component in
            component.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? ""
        }.joined(separator: "/")
        let base =
            url.absoluteString.hasSuffix("/")
            ? String(url.absoluteString.dropLast()) : url.absoluteString
        return WebAddress("\(base)/\(path)" + (query.map { "?\($0)" } ?? ""))
    }

    /// RFC 3986, section 2.3.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
