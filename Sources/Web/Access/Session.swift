import Digests
import NIOHTTP1

/// Somebody who was let in: the secret that the browser's cookie holds.
struct Session: Equatable {
    private let secret: String

    /// A new one.
    init() { secret = Secret.random() }

    /// The session of a request; `nil` if it has none that counts.
    init?(_ head: HTTPRequestHead, _ sessions: SessionStore) {
        self.init(cookies: head.headers["Cookie"], sessions)
    }

    /// Finds a session among cookies.
    init?(cookies: [String], _ sessions: SessionStore) {
        let found = cookies.flatMap { $0.split(separator: ";") }
            .map { $0.drop { $0 == " " } }
            .filter { $0.hasPrefix("\(sessions.cookieName)=") }
            .map { String($0.dropFirst(sessions.cookieName.count + 1)) }
        // Two of one name were not both set by us.
        guard found.count == 1, found[0].utf8.count == Secret.length else { return nil }
        secret = found[0]
        guard sessions.contains(digest) else { return nil }
    }

    /// By what the server knows it; the secret itself is kept nowhere.
    var digest: String { MessageDigest.hash(Array(secret.utf8)).hexadecimal }

    /// What scripts of our pages send along when they change something.
    var scriptToken: String {
        MessageDigest.hash(Array("script \(secret)".utf8)).hexadecimal
    }

    /// The cookie: for this server alone, out of the reach of scripts, never sent from pages of others.
    func cookie(named name: String, isSecure: Bool) -> String {
        "\(name)=\(secret); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(SessionStore.days * 86400)"
            + (isSecure ? "; Secure" : "")
    }
}
