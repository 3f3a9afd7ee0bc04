import Foundation
import NIOCore
import NIOHTTP1

/// Answers the requests of one connection.
final class TestHubHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let core: HubCore
    private let host: TestRequest.Host
    private var head: HTTPRequestHead?

    init(core: HubCore, host: TestRequest.Host) {
        (self.core, self.host) = (core, host)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            respond(to: head, core.answer(head, at: host), context)
        }
    }

    private func respond(
        to request: HTTPRequestHead, _ response: TestResponse, _ context: ChannelHandlerContext
    ) {
        var headers = response.headers
        if !headers.contains(name: "Content-Length"), !headers.contains(name: "Transfer-Encoding") {
            headers.add(name: "Content-Length", value: "\(response.body.count)")
        }
        let head = HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let body = request.method == .HEAD ? Data() : response.body
        let count =
            switch response.ending {
            case .complete: body.count
            case .cut(let count), .stalled(let count): min(count, body.count)
            }
        let buffer = context.channel.allocator.buffer(bytes: body.prefix(count))
        let sent = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: sent)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        sent.futureResult.whenSuccess { [core] in
            core.noteSent(count)
            if case .cut = response.ending { bound.value.close(promise: nil) }
        }
        if response.ending == .complete {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
