import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server on the loopback interface that speaks the hub's protocol, with the faults that a test
/// wants.
public final class TestHub: Sendable {
    /// Changes an answer before it is sent.
    public typealias Fault = @Sendable (TestRequest, inout TestResponse) -> Void

    /// The query of each address of a stored file; it has to come back as it is.
    public static let signature = "signature=secret%2B%22a+b%2F~&Key=%C3%BC&x"

    private let core: HubCore
    private let channels: [any Channel]

    /// Begins to serve.
    ///
    /// - Throws: Errors of binding two ports of the loopback interface.
    public init(_ repositories: TestRepository...) throws {
        let core = HubCore()
        self.core = core
        channels = try [TestRequest.Host.hub, .storage].map { try Self.listen(core, as: $0) }
        let ports = channels.map { $0.localAddress?.port ?? 0 }
        core.state.withLock { ($0.hubPort, $0.storagePort) = (ports[0], ports[1]) }
        for repository in repositories { serve(repository) }
    }

    deinit {
        for channel in channels { channel.close(promise: nil) }
    }

    /// What `HF_ENDPOINT` is to be.
    public var endpoint: String { "http://127.0.0.1:\(core.state.withLock { $0.hubPort })" }

    /// Where stored files are.
    public var storage: String { core.storage }

    /// All requests so far.
    public var requests: [TestRequest] { core.state.withLock { $0.requests } }

    /// Bytes of bodies that were handed to the system so far.
    public var sentBytes: Int { core.state.withLock { $0.sentBytes } }

    /// Adds a repository, or replaces it.
    public func serve(_ repository: TestRepository) {
        let served = HubCore.Served(repository)
        core.state.withLock { $0.repositories[repository.name] = served }
    }

    /// From now on answers are changed by `fault`; `nil` for none.
    public func setFault(_ fault: Fault?) {
        core.state.withLock { $0.fault = fault }
    }

    /// Forgets the requests so far.
    public func forgetRequests() {
        core.state.withLock { state in
            state.requests = []
            state.sentBytes = 0
        }
    }

    private static func listen(_ core: HubCore, as host: TestRequest.Host) throws -> any Channel {
        try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.backlog, value: 64)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    .flatMapThrowing {
                        try channel.pipeline.syncOperations.addHandler(
                            TestHubHandler(core: core, host: host))
                    }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
    }
}
