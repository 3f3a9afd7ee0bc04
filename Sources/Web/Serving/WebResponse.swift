import NIOHTTP1

/// What a request is answered with.
struct WebResponse: Sendable {
    /// What stands behind the head.
    enum Body: Sendable {
        /// Bytes that are in memory.
        case bytes([UInt8])
        /// A part of an open file, read as fast as it is taken.
        case file(ServedFile, Range<Int64>)
        /// News as long as the browser listens.
        case events(any EventSource)
    }

    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    var body: Body

    /// Builds an answer from its parts.
    init(_ status: HTTPResponseStatus, _ headers: HTTPHeaders = [:], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A short text, for what nobody reads but who looks for a fault.
    static func text(_ status: HTTPResponseStatus, _ text: String) -> WebResponse {
        WebResponse(
            status, ["Content-Type": "text/plain; charset=utf-8"], body: .bytes(Array(text.utf8)))
    }

    /// A page or a part of one.
    static func page(_ html: HTML, _ status: HTTPResponseStatus = .ok) -> WebResponse {
        WebResponse(
            status,
            ["Content-Type": "text/html; charset=utf-8", "Cache-Control": "private, no-cache"],
            body: .bytes(Array(html.text.utf8)))
    }

    /// The way to another address of this page.
    static func redirect(to address: String) -> WebResponse {
        WebResponse(.seeOther, ["Location": address, "Cache-Control": "no-store"])
    }
}
