import NIOCore
import NIOHTTP1
import Synchronization

/// One connection: takes a request at a time, has it answered elsewhere, and writes the answer.
///
/// The answer goes as fast as it is read. Everything here runs on the connection's event loop and nothing blocks. A deadline
/// is always set while the other side is waited for, and none while it is not.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Where the connection stands.
    private enum State {
        case waiting
        case receiving(HTTPRequestHead, [UInt8])
        case answering(Exchange)
        case closing
    }

    private let server: ServerCore
    private var state = State.waiting
    private var isKeptAlive = true
    private var deadline: Scheduled<Void>?
    private var listening: (any EventSubscription)?
    private var isListening = false

    init(_ server: ServerCore) { self.server = server }

    func channelActive(context: ChannelHandlerContext) {
        guard server.connections.enter() else { return context.close(promise: nil) }
        isCounted = true
        setDeadline(server.limits.headTime, context)
    }

    private var isCounted = false

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        if case .answering(let exchange) = state { exchange.abandon() }
        endListening()
        if isCounted { server.connections.leave() }
        isCounted = false
        state = .closing
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .waiting): begin(head, context)
        case (.body(let part), .receiving(let head, let body)):
            guard body.count + part.readableBytes <= server.limits.bodyBytes else {
                return refuse(.text(.payloadTooLarge, "The request is too large.\n"), head, context)
            }
            state = .receiving(head, body + part.readableBytesView)
        case (.end, .receiving(let head, let body)): ask(head, body, context)
        default: break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let port = context.channel.localAddress?.port ?? 0
        if let refusal = server.handler.refusal(of: head, port: port) {
            return refuse(refusal, head, context)
        }
        isKeptAlive = head.isKeepAlive
        state = .receiving(head, [])
        setDeadline(server.limits.bodyTime, context)
    }

    /// Answers a request whose body is not going to be read, and takes leave.
    private func refuse(
        _ response: WebResponse, _ head: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        state = .closing
        isKeptAlive = false
        send(response, isHead: head.method == .HEAD, context)
    }

    private func ask(_ head: HTTPRequestHead, _ body: [UInt8], _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let exchange = Exchange()
        state = .answering(exchange)
        let peer = context.channel.remoteAddress?.ipAddress ?? ""
        guard let request = WebRequest(head, body: body, peer: peer) else {
            return send(
                .text(.badRequest, "There is no such address.\n"), for: exchange, head, context)
        }
        let this = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let reply: @Sendable (WebResponse) -> Void = { response in
            loop.execute {
                let (handler, context) = this.value
                handler.send(response, for: exchange, head, context)
            }
        }
        let later = { @Sendable (make: @escaping @Sendable () -> WebResponse, pool: WorkerPool) in
            let isTaken = pool.submit {
                // People scroll on: what nobody waits for any more is not made.
                if !exchange.isAbandoned { reply(make()) }
            }
            if !isTaken { reply(.busy) }
        }
        let server = server
        let isTaken = server.requests.submit {
            guard !exchange.isAbandoned else { return }
            switch server.handler.answer(request) {
            case .ready(let response): reply(response)
            case .picture(let make): later(make, server.pictures)
            case .model(let make): later(make, server.models)
            }
        }
        if !isTaken { send(.busy, for: exchange, head, context) }
    }

    // MARK: Answers

    private func send(
        _ response: WebResponse, for exchange: Exchange, _ head: HTTPRequestHead,
        _ context: ChannelHandlerContext
    ) {
        guard case .answering(let current) = state, current === exchange else { return }
        send(response, isHead: head.method == .HEAD, context)
    }

    private func send(_ response: WebResponse, isHead: Bool, _ context: ChannelHandlerContext) {
        var headers = response.headers
        SecurityHeaders.add(to: &headers)
        if let length = response.body.length {
            headers.replaceOrAdd(name: "Content-Length", value: "\(length)")
        } else {
            isKeptAlive = false
        }
        if !isKeptAlive { headers.replaceOrAdd(name: "Connection", value: "close") }
        let head = HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        switch response.body {
        case _ where isHead: finish(context)
        case .bytes(let bytes): write(bytes[...], context)
        case .file(let file, let range): read(file, range, context)
        case .events(let source): listen(to: source, context)
        }
    }

    private func write(_ bytes: ArraySlice<UInt8>, _ context: ChannelHandlerContext) {
        guard !bytes.isEmpty else { return finish(context) }
        let part = bytes.prefix(server.limits.chunk)
        writePart(part, context) { handler, context in
            handler.write(bytes.dropFirst(part.count), context)
        }
    }

    private func read(_ file: ServedFile, _ range: Range<Int64>, _ context: ChannelHandlerContext) {
        guard !range.isEmpty else { return finish(context) }
        deadline?.cancel()
        let end = min(range.lowerBound + Int64(server.limits.chunk), range.upperBound)
        let this = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let isTaken = server.requests.submit {
            let bytes = try? file.read(range.lowerBound..<end)
            loop.execute {
                let (handler, context) = this.value
                // A file that became shorter cannot keep what was promised.
                guard let bytes, bytes.count == end - range.lowerBound else {
                    return context.close(promise: nil)
                }
                handler.writePart(bytes[...], context) { handler, context in
                    handler.read(file, end..<range.upperBound, context)
                }
            }
        }
        if !isTaken { context.close(promise: nil) }
    }

    /// Writes bytes and goes on once the system has taken them; a client that does not read is left.
    private func writePart(
        _ bytes: ArraySlice<UInt8>, _ context: ChannelHandlerContext,
        _ next: @escaping (ConnectionHandler, ChannelHandlerContext) -> Void
    ) {
        setDeadline(server.limits.chunkTime, context)
        let promise = context.eventLoop.makePromise(of: Void.self)
        let this = NIOLoopBound((self, context, next), eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { result in
            let (handler, context, next) = this.value
            guard case .success = result else { return context.close(promise: nil) }
            next(handler, context)
        }
        let buffer = context.channel.allocator.buffer(bytes: bytes)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: promise)
    }

    private func finish(_ context: ChannelHandlerContext) {
        let wasRefused = if case .closing = state { true } else { false }
        // The next request may come in while the end is being written.
        let isKeptAlive = isKeptAlive
        state = isKeptAlive ? .waiting : .closing
        setDeadline(isKeptAlive ? server.limits.headTime : .seconds(2), context)
        let promise = context.eventLoop.makePromise(of: Void.self)
        if !isKeptAlive {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            promise.futureResult.whenComplete { _ in
                // What a refused client still sends is read for a while, or it may never see the answer.
                bound.value.close(mode: wasRefused ? .output : .all, promise: nil)
            }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
    }

    // MARK: News

    private func listen(to source: any EventSource, _ context: ChannelHandlerContext) {
        guard server.listeners.enter() else { return context.close(promise: nil) }
        deadline?.cancel()
        context.flush()
        let this = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        isListening = true
        let isTaken = server.requests.submit {
            let subscription = source.listen { data in
                loop.execute {
                    let (handler, context) = this.value
                    handler.writeEvent(ServerSentEvent.bytes(data), context)
                }
            }
            loop.execute { this.value.0.keep(subscription) }
        }
        if !isTaken { context.close(promise: nil) }
    }

    private func keep(_ subscription: any EventSubscription) {
        if isListening {
            listening = subscription
        } else {
            end(subscription)
        }
    }

    private func writeEvent(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        guard isListening, context.channel.isActive else { return }
        // Whoever has not taken the last news by now reads too slowly for more.
        guard context.channel.isWritable else { return context.close(promise: nil) }
        let buffer = context.channel.allocator.buffer(bytes: bytes)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    }

    private func endListening() {
        guard isListening else { return }
        isListening = false
        server.listeners.leave()
        if let listening { end(listening) }
        listening = nil
    }

    private func end(_ subscription: any EventSubscription) {
        // Closed connections leave nothing behind, however many ask at once.
        if !server.requests.submit({ subscription.end() }) { subscription.end() }
    }

    private func setDeadline(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
    }
}

/// A request on its way through the threads.
private final class Exchange: Sendable {
    private let abandoned = Atomic(false)

    /// Whether nobody waits for the answer any more.
    var isAbandoned: Bool { abandoned.load(ordering: .relaxed) }

    func abandon() { abandoned.store(true, ordering: .relaxed) }
}

extension WebResponse {
    /// Too many ask at once.
    fileprivate static let busy = WebResponse(
        .serviceUnavailable, ["Retry-After": "1", "Content-Type": "text/plain; charset=utf-8"],
        body: .bytes(Array("Too much is asked at once.\n".utf8)))
}

extension WebResponse.Body {
    /// How many bytes it has; `nil` where that is open.
    fileprivate var length: Int64? {
        switch self {
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, let range): Int64(range.count)
        case .events: nil
        }
    }
}
