import NIOHTTP1
import Foundation

/// The ways in: by a one-time token, and by the password where one is set.
struct SignIn: Sendable {
    /// Where the password is posted to.
    static let address = "/sign-in"
    /// Where a token is taken.
    static let tokenAddress = "/open"

    let sessions: SessionStore
    let tokens: OneTimeTokens
    let password: Password
    let attempts = PasswordAttempts()
    /// The addresses of proxies that say truly whom they ask for.
    var proxies: Set<String> = []

    /// Lets whoever has a token in.
    func byToken(_ request: WebRequest) -> WebResponse {
        guard request.method == .GET, let token = request.query["token"], tokens.take(token) else {
            return .page(
                SignInPage(problem: .usedToken, hasPassword: password.isSet).html, .unauthorized)
        }
        return welcome(request)
    }

    /// Lets whoever knows the password in.
    func byPassword(_ request: WebRequest) -> WebResponse {
        guard password.isSet else { return .page(SignInPage().html, .unauthorized) }
        let given = request.form?["password"] ?? ""
        return switch attempts.attempt(from: client(request), { password.isRight(given) }) {
        case true?: welcome(request)
        case false?:
            .page(SignInPage(problem: .wrongPassword, hasPassword: true).html, .unauthorized)
        case nil: .page(SignInPage(problem: .tooEarly, hasPassword: true).html, .tooManyRequests)
        }
    }

    /// The address of whoever asks: of what a trusted proxy has noted, the last, which the proxy itself has seen.
    func client(_ request: WebRequest) -> String {
        guard proxies.contains(request.peer),
            let last = request.headers["X-Forwarded-For"].last?.split(separator: ",").last
        else { return request.peer }
        return last.trimmingCharacters(in: .whitespaces)
    }

    private func welcome(_ request: WebRequest) -> WebResponse {
        do {
            let session = try sessions.begin()
            var response = WebResponse.redirect(to: "/")
            // A browser says by which scheme it came; without a word of it the cookie serves both.
            let isSecure = request.header("Origin")?.hasPrefix("https:") ?? false
            response.headers.add(
                name: "Set-Cookie",
                value: session.cookie(named: sessions.cookieName, isSecure: isSecure))
            return response
        } catch {
            return .text(.internalServerError, "The session could not be kept: \(error)\n")
        }
    }
}
