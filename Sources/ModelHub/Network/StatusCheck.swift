import Foundation

/// What a response's status means to us.
enum StatusCheck {
    /// Lets success pass.
    ///
    /// - Throws: `HubError` in words for any other status.
    static func check(
        _ head: HTTPResponseHead, _ exchange: HTTPExchange, isHub: Bool, hasToken: Bool
    ) throws {
        if (200..<300).contains(head.status) { return }
        exchange.drain()
        throw error(
            head, at: exchange.address, isHub: isHub, hasToken: hasToken,
            retryAfter: head.headers.first(name: "Retry-After").flatMap { pause($0) })
    }

    private static func error(
        _ head: HTTPResponseHead, at address: WebAddress, isHub: Bool, hasToken: Bool,
        retryAfter: Duration?
    ) -> HubError {
        let message = head.headers.first(name: "X-Error-Message").map { HubError.printable($0) }
        let said = message.map { ": \($0)" } ?? ""
        switch head.status {
        case 401, 403:
            // Signed addresses of a storage host expire; the hub gives a new one.
            guard isHub else { return HubError(address, "expired", recovery: .later(after: nil)) }
            return HubError(
                address, "may not be read" + said,
                advice: hasToken
                    ? "Check that the token belongs to an account that was granted access."
                    : "Accept the model's terms on its page, and set HF_TOKEN to an access token.")
        case 404, 410:
            return HubError(
                address, "is not there" + said, advice: "Check the name and the revision.")
        case 407:
            return proxyWantsName(address)
        case 416:
            return HubError(
                address, "is shorter than the hub said", recovery: .startOver)
        case 408, 425, 429, 500...599:
            let what = head.status == 429 ? "asks for a pause" : "failed for now"
            return HubError(
                address, "\(what) (status \(head.status))" + said,
                recovery: .later(after: retryAfter))
        default:
            return HubError(address, "answered with status \(head.status)" + said)
        }
    }

    /// What status 407 means.
    static func proxyWantsName(_ address: WebAddress) -> HubError {
        HubError(
            address, "the proxy asks for a name and password",
            advice: "Write them into the proxy variable: http://USER:PASSWORD@HOST:PORT.")
    }

    /// `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
    static func pause(_ text: String, now: Date = Date()) -> Duration? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) {
            // More digits than fit are a very long time.
            return .seconds(Int64(text.prefix(10)) ?? 0)
        }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let date = format.date(from: text) else { return nil }
        return .seconds(Int64(min(max(0, date.timeIntervalSince(now).rounded(.up)), 1e9)))
    }
}
