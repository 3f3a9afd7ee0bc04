import Foundation

/// Speaks to one hub: follows redirects within bounds, and sends the token to the hub alone.
struct HubSession: Sendable {
    let endpoint: WebAddress
    private let token: String?
    private let transport: HTTPTransport
    let stop: StopSignal

    private static let maximumRedirects = 8
    /// Each says that the answer stands elsewhere.
    private static let redirections: Set<Int> = [301, 302, 303, 307, 308]

    init(
        endpoint: WebAddress, token: String?, transport: HTTPTransport, stop: StopSignal
    ) {
        (self.endpoint, self.token) = (endpoint, token)
        (self.transport, self.stop) = (transport, stop)
    }

    /// A response of the hub or of where it sends us.
    struct Response {
        /// The body, still to be read.
        let exchange: HTTPExchange
        let status: Int
        /// The headers of the last response.
        let headers: HTTPHeaders
        /// The headers of the hub's own answer, which tell of the file even where the bytes come
        /// from elsewhere.
        let hubHeaders: HTTPHeaders
        /// Whether another host answered in the end.
        let isElsewhere: Bool
    }

    /// How far redirects are followed.
    enum Following {
        /// To whatever host.
        case anywhere
        /// No further than the hub: a redirect to another host is the answer.
        case within
    }

    /// Asks.
    ///
    /// - Parameters:
    ///   - method: `GET` or `HEAD`.
    ///   - address: An address of the hub.
    ///   - following: How far redirects are followed.
    ///   - headers: Further headers for an address; they must hold no secret.
    /// - Returns: A response whose status says success.
    /// - Throws: `HubError` for any other status, `CancellationError`.
    func ask(
        _ method: HTTPMethod = .get, _ address: WebAddress,
        following: Following = .anywhere, _ headers: (WebAddress) -> HTTPHeaders = { _ in [:] }
    ) throws -> Response {
        var address = address
        var hubHeaders = HTTPHeaders()
        for _ in 0...Self.maximumRedirects {
            let isHub = address.origin == endpoint.origin
            var own = headers(address)
            own.add(name: "User-Agent", value: "vignette/0.1")
            own.add(name: "Accept-Encoding", value: "identity")
            if isHub, let token { own.add(name: "Authorization", value: "Bearer \(token)") }
            let (exchange, head) = try transport.send(method, address, own, stop: stop)
            if isHub { hubHeaders = head.headers }
            if Self.redirections.contains(head.status) {
                let next = try target(of: head, from: address)
                guard following == .within, next.origin != endpoint.origin else {
                    exchange.drain()
                    address = next
                    continue
                }
            } else {
                try StatusCheck.check(head, exchange, isHub: isHub, hasToken: token != nil)
            }
            return Response(
                exchange: exchange, status: head.status, headers: head.headers,
                hubHeaders: hubHeaders, isElsewhere: !isHub)
        }
        throw HubError(
            address,
            "is reached by more than \(Self.maximumRedirects) redirects, perhaps in a circle",
            advice: "Check HF_ENDPOINT.")
    }

    private func target(of head: HTTPResponseHead, from address: WebAddress) throws -> WebAddress {
        guard let location = head.headers.first(name: "Location"),
            let next = address.resolving(location)
        else {
            throw HubError(address, "redirects to nowhere (status \(head.status))")
        }
        guard next.scheme == "https" || address.scheme == "http" else {
            throw HubError(address, "redirects from https to \(next), which is not encrypted")
        }
        return next
    }
}
