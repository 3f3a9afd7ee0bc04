import CCurl
import Synchronization

/// Sends requests, each by the proxy that leads to its host.
final class HTTPTransport: Sendable {
    private let proxies: ProxySettings
    private let trust: TrustSettings
    private let patience: Duration
    /// Those that serve no request, with the connections that they keep open: as many as there were
    /// requests at once.
    ///
    /// The last one used is taken first, since its connections are the freshest.
    private let idle = Mutex<[CurlTransfer]>([])

    /// Prepares to send.
    ///
    /// - Parameters:
    ///   - proxies: Which proxy leads where.
    ///   - trust: Whose certificates are believed.
    ///   - patience: How long a connection may be silent.
    init(proxies: ProxySettings, trust: TrustSettings, patience: Duration) {
        (self.proxies, self.trust, self.patience) = (proxies, trust, patience)
    }

    /// Sends a request and waits for the head of its response.
    ///
    /// - Throws: `HubError` where the connection fails, `CancellationError`.
    func send(
        _ method: HTTPMethod, _ address: WebAddress, _ headers: HTTPHeaders, stop: StopSignal
    ) throws -> (HTTPExchange, HTTPResponseHead) {
        guard let transfer = idle.withLock({ $0.popLast() }) ?? CurlTransfer() else {
            throw HubError(address, "cannot be asked: libcurl has no memory")
        }
        let route = proxies.route(to: address)
        let isTaken = transfer.begin(method, address, headers) { options in
            options.set(CURLOPT_CONNECTTIMEOUT_MS, Int(patience / .milliseconds(1)))
            options.setRoute(route)
            options.setTrust(trust)
        }
        guard isTaken else { throw HubError(address, "cannot be asked: libcurl refuses it") }
        let exchange = HTTPExchange(transfer, address, patience: patience, stop: stop) { transfer in
            self.idle.withLock { $0.append(transfer) }
        }
        return (exchange, try exchange.head())
    }

    /// Closes all connections that serve no request.
    func shutdown() {
        idle.withLock { $0 = [] }
    }
}
