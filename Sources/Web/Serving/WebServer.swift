import Daemon
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// The server: one event loop for connections, and threads of its own for what blocks.
///
/// At rest nothing here wakes: a deadline is set only while a connection is open that owes something.
final class WebServer: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let core: ServerCore
    private let channel: any Channel

    /// Where to listen.
    enum Place: Sendable {
        case address(ListenAddress)
        /// A socket that listens already, as systemd passes it.
        case socket(CInt)
    }

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - place: Where.
    ///   - handler: What answers.
    ///   - limits: What clients may take.
    ///   - pictureThreads: How many pictures are made at a time.
    /// - Throws: `IOError`, such as for a port that is taken.
    init(
        at place: Place, _ handler: any RequestHandler, limits: ServerLimits = ServerLimits(),
        pictureThreads: Int = 2
    ) throws {
        core = ServerCore(
            handler: handler, limits: limits,
            requests: WorkerPool(
                "page", threads: 4, capacity: limits.waitingRequests, order: .first),
            pictures: WorkerPool(
                "pictures", threads: pictureThreads, capacity: limits.waitingPictures, order: .last),
            models: WorkerPool("model", threads: 1, capacity: limits.waitingForModel, order: .last),
            connections: Turnstile(limits.connections), listeners: Turnstile(limits.listeners))
        do {
            channel = try Self.listen(at: place, core, group)
        } catch {
            core.requests.stop()
            core.pictures.stop()
            core.models.stop()
            try? group.syncShutdownGracefully()
            throw error
        }
    }

    /// The port at which it listens.
    var port: Int { channel.localAddress?.port ?? 0 }

    /// Blocks until `stop`.
    func wait() throws {
        try channel.closeFuture.wait()
        core.handler.close()
        core.models.stop()
        core.pictures.stop()
        core.requests.stop()
        try group.syncShutdownGracefully()
    }

    /// Lets nobody in any more and ends `wait`; from any thread.
    func stop() { channel.close(promise: nil) }

    private static func listen(
        at place: Place, _ core: ServerCore, _ group: MultiThreadedEventLoopGroup
    ) throws -> any Channel {
        let limits = core.limits
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.headBytes
        decoding.maxHeaderListSize = limits.headBytes
        decoding.maxHeaderFieldCount = limits.headerLines
        let decodingLimits = decoding
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // A browser that lost its network without a word is found out by the kernel.
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(
                        withEncoderConfiguration: .init(),
                        withDecoderLimitConfiguration: decodingLimits)
                    try pipeline.addHandler(ConnectionHandler(core))
                }
            }
        switch place {
        case .address(let address):
            return try bootstrap.bind(host: address.host, port: address.port).wait()
        case .socket(let descriptor): return try bootstrap.withBoundSocket(descriptor).wait()
        }
    }
}
