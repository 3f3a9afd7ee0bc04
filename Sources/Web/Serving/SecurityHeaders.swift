import NIOHTTP1

/// What every answer tells the browser, so that a mistake elsewhere does less.
enum SecurityHeaders {
    /// Nothing but what this server sends is loaded, run, posted to or framed; no style or script stands in a page.
    static let contentSecurityPolicy = [
        "default-src 'none'", "img-src 'self'", "media-src 'self'", "script-src 'self'",
        "style-src 'self'", "connect-src 'self'", "manifest-src 'self'", "form-action 'self'",
        "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
        "trusted-types vignette",
    ].joined(separator: "; ")

    static func add(to headers: inout HTTPHeaders) {
        headers.replaceOrAdd(name: "Content-Security-Policy", value: contentSecurityPolicy)
        headers.replaceOrAdd(name: "X-Content-Type-Options", value: "nosniff")
        headers.replaceOrAdd(name: "X-Frame-Options", value: "DENY")
        // With `no-referrer` browsers would send forms with the origin `null`.
        headers.replaceOrAdd(name: "Referrer-Policy", value: "same-origin")
        headers.replaceOrAdd(name: "Cross-Origin-Resource-Policy", value: "same-origin")
        headers.replaceOrAdd(name: "Cross-Origin-Opener-Policy", value: "same-origin")
        headers.replaceOrAdd(
            name: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()")
        if !headers.contains(name: "Cache-Control") {
            headers.add(name: "Cache-Control", value: "no-store")
        }
    }
}
