import Glibc

/// Whose certificates are believed, from the variables that other programs read too.
struct TrustSettings: Sendable, Equatable {
    /// Certificates of authorities, one after another (PEM).
    let file: String?
    /// A folder of such files, named by OpenSSL's `rehash`.
    let folder: String?

    /// Whether these authorities stand in the place of the system's.
    var isOwn: Bool { file != nil || folder != nil }

    /// Reads `CURL_CA_BUNDLE`, `REQUESTS_CA_BUNDLE`, `SSL_CERT_FILE` and `SSL_CERT_DIR`.
    ///
    /// - Throws: `HubError` naming the variable whose file cannot be read.
    init(_ environment: [String: String]) throws(HubError) {
        func path(_ names: String...) throws(HubError) -> String? {
            for name in names {
                guard let path = environment[name], !path.isEmpty else { continue }
                guard access(path, R_OK) == 0 else {
                    throw HubError(
                        name, "names certificates of authorities that cannot be read: '\(path)'")
                }
                return path
            }
            return nil
        }
        file = try path("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
        folder = try path("SSL_CERT_DIR")
    }
}
