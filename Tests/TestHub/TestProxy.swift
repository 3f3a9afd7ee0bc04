import NIOCore
import NIOPosix
import Synchronization

/// A proxy on the loopback interface that tunnels by `CONNECT`.
public final class TestProxy: Sendable {
    private let channel: any Channel
    private let heads: Heads

    /// The first lines and headers that were sent to it.
    private final class Heads: Sendable {
        let all = Mutex<[String]>([])
    }

    /// Begins to serve.
    ///
    /// - Parameter status: What it answers to everything instead of leading anywhere.
    /// - Throws: Errors of binding a port.
    public init(refusing status: Int? = nil) throws {
        let heads = Heads()
        self.heads = heads
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ConnectHandler(refusing: status) { head in
                            heads.all.withLock { $0.append(head) }
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
    }

    deinit { channel.close(promise: nil) }

    /// Where it is: `127.0.0.1:PORT`.
    public var address: String { "127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    /// What was asked of it, head by head.
    public var requests: [String] { heads.all.withLock { $0 } }
}

/// Reads the head of a `CONNECT`, then hands bytes on in both directions.
private final class ConnectHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let refusal: Int?
    private let note: @Sendable (String) -> Void
    private var head = ""
    private var peer: (any Channel)?

    init(refusing refusal: Int?, _ note: @escaping @Sendable (String) -> Void) {
        (self.refusal, self.note) = (refusal, note)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if let peer { return peer.writeAndFlush(buffer, promise: nil) }
        head += String(buffer: buffer)
        guard head.hasSuffix("\r\n\r\n") else { return }
        note(head)
        if let refusal { refuse(refusal, context) } else { connect(context) }
    }

    private func refuse(_ status: Int, _ context: ChannelHandlerContext) {
        let text = "HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n"
        let answer = context.channel.allocator.buffer(string: text)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(answer))
            .whenComplete { _ in bound.value.close(promise: nil) }
    }

    private func connect(_ context: ChannelHandlerContext) {
        let words = head.split(separator: " ")
        let target = words.count > 1 ? words[1].split(separator: ":") : []
        guard words.first == "CONNECT", target.count == 2, let port = Int(target[1]) else {
            return context.close(promise: nil)
        }
        let client = context.channel
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        ClientBootstrap(group: context.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ForwardHandler(to: client))
                }
            }
            .connect(host: String(target[0]), port: port)
            .whenComplete { result in
                let (handler, context) = bound.value
                guard case .success(let peer) = result else {
                    return context.close(promise: nil)
                }
                handler.peer = peer
                let answer = context.channel.allocator.buffer(string: "HTTP/1.1 200 OK\r\n\r\n")
                context.writeAndFlush(handler.wrapOutboundOut(answer), promise: nil)
            }
    }

    func channelInactive(context: ChannelHandlerContext) {
        peer?.close(promise: nil)
    }
}

/// Hands bytes on to another channel.
private final class ForwardHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let target: any Channel

    init(to target: any Channel) { self.target = target }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        target.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        target.close(promise: nil)
    }
}
