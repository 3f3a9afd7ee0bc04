/// The names by which the page may be asked for; whoever asks by another was led here by a foreign name that
/// points to this machine (DNS rebinding).
struct HostList: Sendable {
    /// Names that a person allows, in small letters.
    private let names: Set<String>
    /// The address where the server listens, unless that is all of them.
    private let address: String?

    /// Builds the list.
    ///
    /// - Parameters:
    ///   - address: Where the server listens; `nil` where it was handed a socket of the loopback interface.
    ///   - names: Further names, such as that by which a proxy is reached.
    init(_ address: ListenAddress?, names: [String] = []) {
        self.names = Set(names.map { $0.lowercased() })
        let own = address.flatMap { $0.isLoopback || $0.isUnspecified ? nil : $0.host }
        self.address = own.map { $0.contains(":") ? "[\($0)]" : $0 }
    }

    /// Whether a request may ask for this.
    ///
    /// - Parameters:
    ///   - host: The value of `Host`.
    ///   - port: The port at which the request came.
    /// - Returns: Whether the name is one of ours.
    func allows(_ host: String, port: Int) -> Bool {
        let host = host.lowercased()
        // A proxy in front has whatever port it has.
        if names.contains(host) || names.contains(Self.withoutPort(host)) { return true }
        let own = ["127.0.0.1", "localhost", "[::1]"] + (address.map { [$0] } ?? [])
        return own.contains { host == "\($0):\(port)" || (port == 80 && host == $0) }
    }

    private static func withoutPort(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":"), !host.hasSuffix("]"),
            UInt16(host[host.index(after: colon)...]) != nil
        else { return host }
        return String(host[..<colon])
    }
}
