import Foundation

/// Which proxy leads where, from the variables that other programs read too.
struct ProxySettings: Sendable {
    /// A way to a host.
    enum Route: Hashable, Sendable {
        case direct
        /// A proxy that tunnels by `CONNECT`.
        case tunnel(Proxy)
        case socks(host: String, port: Int)
    }

    /// A proxy that is spoken to by HTTP.
    struct Proxy: Hashable, Sendable {
        var host: String
        var port: Int
        var user: String?
        var password: String?
        /// Whether also the way to the proxy itself is encrypted.
        var isEncrypted = false
    }

    private let routes: [String: Route]
    private let exceptions: [String]

    /// Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; their names in lower case
    /// come first, as with curl.
    ///
    /// - Throws: `HubError` naming the variable that is no usable address.
    init(_ environment: [String: String]) throws(HubError) {
        func variable(_ name: String) -> (name: String, value: String)? {
            let names = [name.lowercased(), name]
            return names.lazy.compactMap { key in
                environment[key].flatMap { $0.isEmpty ? nil : (key, $0) }
            }.first
        }
        var routes: [String: Route] = [:]
        for scheme in ["http", "https"] {
            let found = variable("\(scheme.uppercased())_PROXY") ?? variable("ALL_PROXY")
            guard let found else { continue }
            routes[scheme] = try Self.route(found.value, variable: found.name)
        }
        self.routes = routes
        exceptions = (variable("NO_PROXY")?.value ?? "").lowercased()
            .split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    /// The way to an address.
    func route(to address: WebAddress) -> Route {
        guard let route = routes[address.scheme], !isExempt(address) else { return .direct }
        return route
    }

    /// `NO_PROXY`: `*`, or hosts, each with all hosts below it and, if it names one, at one port.
    private func isExempt(_ address: WebAddress) -> Bool {
        exceptions.contains { exception in
            if exception == "*" { return true }
            var name = exception[...]
            if let match = exception.wholeMatch(of: /(.*[^:]):([0-9]{1,5})/) {
                guard Int(match.2) == address.port else { return false }
                name = match.1
            }
            if name.hasPrefix("*") { name = name.dropFirst() }
            if name.hasPrefix(".") { name = name.dropFirst() }
            return !name.isEmpty && (address.host == name || address.host.hasSuffix(".\(name)"))
        }
    }

    private static func route(_ text: String, variable: String) throws(HubError) -> Route {
        let whole = text.contains("://") ? text : "http://\(text)"
        guard let parts = URLComponents(string: whole), let host = parts.host, !host.isEmpty else {
            throw HubError(variable, "is no address of a proxy", advice: example)
        }
        switch parts.scheme?.lowercased() {
        case "http":
            return .tunnel(
                Proxy(
                    host: host, port: parts.port ?? 80, user: parts.user, password: parts.password))
        case "https":
            return .tunnel(
                Proxy(
                    host: host, port: parts.port ?? 443, user: parts.user,
                    password: parts.password, isEncrypted: true))
        case "socks5", "socks5h", "socks":
            return .socks(host: host, port: parts.port ?? 1080)
        case let scheme:
            throw HubError(
                variable,
                "names a proxy spoken to by '\(HubError.printable(scheme ?? ""))'; "
                    + "http, https and socks5 are known", advice: example)
        }
    }

    private static let example = "Give it as http://HOST:PORT."
}
