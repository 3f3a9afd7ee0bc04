import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Sends requests, each by the proxy that leads to its host.
final class HTTPTransport: Sendable {
    private let proxies: ProxySettings
    private let patience: Duration
    private let connections: Int
    private let clients = Mutex<[ProxySettings.Route: HTTPClient]>([:])

    /// Prepares to send.
    ///
    /// - Parameters:
    ///   - proxies: Which proxy leads where.
    ///   - patience: How long a connection may be silent.
    ///   - connections: How many to one host are kept open at once.
    init(proxies: ProxySettings, patience: Duration, connections: Int) {
        (self.proxies, self.patience, self.connections) = (proxies, patience, connections)
    }

    /// Sends a request and waits for the head of its response.
    ///
    /// - Throws: `HubError` where the connection fails, `CancellationError`.
    func send(
        _ method: HTTPMethod, _ address: WebAddress, _ headers: HTTPHeaders, stop: StopSignal
    ) throws -> (HTTPExchange, HTTPResponseHead) {
        let request: HTTPClient.Request
        do {
            request = try HTTPClient.Request(url: address.url, method: method, headers: headers)
        } catch {
            throw HubError(address, "cannot be asked", cause: error)
        }
        let exchange = HTTPExchange(address, patience: patience, stop: stop)
        exchange.start(request, with: client(for: proxies.route(to: address)))
        return (exchange, try exchange.head())
    }

    private func client(for route: ProxySettings.Route) -> HTTPClient {
        clients.withLock { clients in
            if let client = clients[route] { return client }
            let client = makeClient(route)
            clients[route] = client
            return client
        }
    }

    private func makeClient(_ route: ProxySettings.Route) -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        // Parts of a large file come over connections of their own rather than share one.
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // Whether and when to try again is decided in one place, `RetryPolicy`.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = .nanoseconds(Int64(patience / .nanoseconds(1)))
        switch route {
        case .direct: break
        case .socks(let host, let port):
            configuration.proxy = .socksServer(host: host, port: port)
        case .tunnel(let host, let port, let user?, let password):
            configuration.proxy = .server(
                host: host, port: port,
                authorization: .basic(username: user, password: password ?? ""))
        case .tunnel(let host, let port, nil, _):
            configuration.proxy = .server(host: host, port: port)
        }
        return HTTPClient(
            eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
    }

    /// Closes all connections; nothing can be sent afterwards.
    func shutdown() {
        let all = clients.withLock { clients in
            defer { clients = [:] }
            return Array(clients.values)
        }
        // Connections that do not close cleanly are closed all the same.
        for client in all { try? client.syncShutdown() }
    }
}
