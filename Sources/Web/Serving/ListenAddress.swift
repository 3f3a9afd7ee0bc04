import Glibc

/// Where the server listens.
public struct ListenAddress: Equatable, Sendable, CustomStringConvertible {
    /// A numeric address, IPv4 or IPv6.
    public let host: String
    /// The port; 0 for any that is free.
    public var port: Int

    /// The address of this machine alone that is used where none is named.
    public static let standard = ListenAddress(host: "127.0.0.1", port: 8417)

    private init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads an address such as `127.0.0.1:8417`, `[::1]:8417` or `192.168.1.4:80`.
    ///
    /// - Returns: `nil` if it is none; names are not looked up.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else { return nil }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            var address = in6_addr()
            guard inet_pton(AF_INET6, host, &address) == 1 else { return nil }
        } else {
            if host == "localhost" { host = "127.0.0.1" }
            var address = in_addr()
            guard inet_pton(AF_INET, host, &address) == 1 else { return nil }
        }
        self.init(host: host, port: Int(port))
    }

    /// Whether nobody but programs on this machine can reach it.
    public var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    /// Whether it stands for every address of this machine.
    public var isUnspecified: Bool { host == "0.0.0.0" || host == "::" }

    /// The address as it stands in a URL.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
