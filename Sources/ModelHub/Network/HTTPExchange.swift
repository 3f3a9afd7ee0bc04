import Foundation

/// One request, whose response is read piece by piece by the thread that asked.
final class HTTPExchange {
    let address: WebAddress
    private let patience: Duration
    private let stop: StopSignal
    /// Nil once the request is over and the transfer serves others.
    private var transfer: CurlTransfer?
    private let giveBack: (CurlTransfer) -> Void

    /// How often a thread that waits looks whether it is still wanted.
    private static let glance: Int32 = 250

    /// Takes a transfer that has begun.
    ///
    /// - Parameters:
    ///   - transfer: Sends and receives.
    ///   - address: What is asked.
    ///   - patience: How long the other side may be silent.
    ///   - stop: Ends the waiting.
    ///   - giveBack: Takes the transfer when the exchange is over.
    init(
        _ transfer: CurlTransfer, _ address: WebAddress, patience: Duration, stop: StopSignal,
        giveBack: @escaping (CurlTransfer) -> Void
    ) {
        (self.transfer, self.address, self.patience) = (transfer, address, patience)
        (self.stop, self.giveBack) = (stop, giveBack)
    }

    deinit { cancel() }

    /// Waits for status and headers.
    ///
    /// - Throws: `HubError` where the connection fails or is silent, `CancellationError`.
    func head() throws -> HTTPResponseHead {
        try wait(for: "an answer") { transfer in
            if transfer.hasHead { return transfer.head }
            try transfer.ending?.check(address)
            return nil
        }
    }

    /// Waits for the next piece of the body; nil at its end.
    ///
    /// - Throws: as for `head`.
    func nextPart() throws -> [UInt8]? {
        let part: [UInt8] = try wait(for: "more of the answer") { transfer in
            let bytes = transfer.takeBytes()
            if !bytes.isEmpty { return bytes }
            guard let ending = transfer.ending else { return nil }
            try ending.check(address)
            return []
        }
        return part.isEmpty ? nil : part
    }

    /// Reads the whole body.
    ///
    /// - Parameter limit: The most bytes that are taken.
    /// - Returns: The bytes.
    /// - Throws: as for `head`, and `HubError` beyond the limit.
    func body(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let part = try nextPart() {
            guard bytes.count + part.count <= limit else {
                cancel()
                throw HubError(address, "answered with more than \(limit) bytes")
            }
            bytes += part
        }
        return bytes
    }

    /// Reads on to the end where that is near, so that the connection can serve again.
    func drain() {
        _ = try? body(limit: 65_536)
        cancel()
    }

    /// Ends it; the connection closes unless the answer was read to the end.
    func cancel() {
        guard let transfer else { return }
        self.transfer = nil
        transfer.end()
        giveBack(transfer)
    }

    /// Sends and receives until `look` finds something, as long as the other side is not silent for
    /// too long.
    private func wait<Value>(
        for what: String, _ look: (CurlTransfer) throws -> Value?
    ) throws -> Value {
        let deadline = ContinuousClock.now + patience
        while let transfer {
            try stop.check()
            if let value = try look(transfer) { return value }
            let left = deadline - ContinuousClock.now
            guard left > .zero else {
                cancel()
                throw HubError(
                    address,
                    "sent nothing for \(patience), waiting for \(what)",
                    advice: Self.networkAdvice, recovery: .later(after: nil))
            }
            transfer.advance(waiting: min(Self.glance, Int32(clamping: left.milliseconds)))
        }
        throw CancellationError()
    }

    static let networkAdvice = "Check the network, HF_ENDPOINT and the proxy variables."
}

extension Duration {
    /// Milliseconds, rounded up.
    fileprivate var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
