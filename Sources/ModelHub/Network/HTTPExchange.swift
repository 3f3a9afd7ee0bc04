import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// One request, whose response a thread of ours reads piece by piece.
///
/// The event loop hands over one piece at a time and reads no further until it is taken, so that a
/// slow disk slows the sender down instead of filling the memory.
///
/// `@unchecked Sendable`: every access to the state happens under `condition`'s lock.
final class HTTPExchange: HTTPClientResponseDelegate, @unchecked Sendable {
    typealias Response = Void

    let address: WebAddress
    private let patience: Duration
    private let stop: StopSignal
    private let condition = NSCondition()
    private var responseHead: HTTPResponseHead?
    private var part: ByteBuffer?
    private var demand: EventLoopPromise<Void>?
    private var ending: Result<Void, any Error>?
    private var task: HTTPClient.Task<Void>?

    /// How often a thread that waits looks whether it is still wanted.
    private static let glance = 0.25

    init(_ address: WebAddress, patience: Duration, stop: StopSignal) {
        (self.address, self.patience, self.stop) = (address, patience, stop)
    }

    /// Sends the request.
    func start(_ request: HTTPClient.Request, with client: HTTPClient) {
        let task = client.execute(request: request, delegate: self)
        // A request that fails before it is sent reports nowhere else.
        task.futureResult.whenFailure { self.end(.failure($0)) }
        condition.lock()
        self.task = task
        condition.unlock()
    }

    /// Waits for status and headers.
    ///
    /// - Throws: `HubError` where the connection fails or is silent, `CancellationError`.
    func head() throws -> HTTPResponseHead {
        try wait(for: "an answer") {
            if let responseHead { return responseHead }
            if let ending { try checkEnding(ending) }
            return nil
        }
    }

    /// Waits for the next piece of the body; nil at its end.
    ///
    /// - Throws: as for `head`.
    func nextPart() throws -> ByteBuffer? {
        let next: ByteBuffer?? = try wait(for: "more of the answer") {
            if let part {
                self.part = nil
                releaseDemand()
                return .some(part)
            }
            guard let ending else { return nil }
            try checkEnding(ending)
            return .some(nil)
        }
        return next ?? nil
    }

    /// Reads the whole body.
    ///
    /// - Parameter limit: The most bytes that are taken.
    /// - Returns: The bytes.
    /// - Throws: as for `head`, and `HubError` beyond the limit.
    func body(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let part = try nextPart() {
            guard bytes.count + part.readableBytes <= limit else {
                cancel()
                throw HubError(address, "answered with more than \(limit) bytes")
            }
            bytes += part.readableBytesView
        }
        return bytes
    }

    /// Reads on to the end where that is near, so that the connection can serve again.
    func drain() {
        _ = try? body(limit: 65_536)
        cancel()
    }

    /// Gives the request up; its connection closes unless the answer was read to the end.
    func cancel() {
        condition.lock()
        let (task, isOver) = (self.task, ending != nil)
        if !isOver { ending = .failure(CancellationError()) }
        part = nil
        releaseDemand()
        condition.unlock()
        if !isOver { task?.cancel() }
    }

    /// Waits until `look` finds something, as long as the other side is not silent for too long.
    private func wait<Value>(for what: String, _ look: () throws -> Value?) throws -> Value {
        let deadline = Date(timeIntervalSinceNow: patience / .seconds(1))
        while true {
            try stop.check()
            condition.lock()
            let found = Result { try look() }
            if case .success(nil) = found {
                let slice = min(deadline, Date(timeIntervalSinceNow: Self.glance))
                _ = condition.wait(until: slice)
            }
            condition.unlock()
            if let value = try found.get() { return value }
            guard Date() < deadline else {
                cancel()
                throw HubError(
                    address,
                    "sent nothing for \(patience), waiting for \(what)",
                    advice: Self.networkAdvice, recovery: .later(after: nil))
            }
        }
    }

    private func checkEnding(_ ending: Result<Void, any Error>) throws {
        do {
            try ending.get()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw HubError(
                address, "the connection failed", advice: Self.networkAdvice, cause: error,
                recovery: .later(after: nil))
        }
    }

    private static let networkAdvice =
        "Check the network, HF_ENDPOINT and the proxy variables."

    private func end(_ result: Result<Void, any Error>) {
        condition.lock()
        if ending == nil { ending = result }
        releaseDemand()
        condition.broadcast()
        condition.unlock()
    }

    /// Lets the event loop read on; the lock is held.
    private func releaseDemand() {
        demand?.succeed(())
        demand = nil
    }

    // MARK: - Called on the event loop

    func didReceiveHead(
        task: HTTPClient.Task<Void>, _ head: HTTPResponseHead
    ) -> EventLoopFuture<Void> {
        condition.lock()
        responseHead = head
        condition.broadcast()
        condition.unlock()
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(
        task: HTTPClient.Task<Void>, _ buffer: ByteBuffer
    ) -> EventLoopFuture<Void> {
        condition.lock()
        defer { condition.unlock() }
        guard ending == nil else { return task.eventLoop.makeSucceededVoidFuture() }
        let promise = task.eventLoop.makePromise(of: Void.self)
        (part, demand) = (buffer, promise)
        condition.broadcast()
        return promise.futureResult
    }

    func didReceiveError(task: HTTPClient.Task<Void>, _ error: any Error) {
        end(.failure(error))
    }

    func didFinishRequest(task: HTTPClient.Task<Void>) {
        end(.success(()))
    }
}
