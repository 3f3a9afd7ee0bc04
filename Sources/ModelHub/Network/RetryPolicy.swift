/// When a failed request is made again, and when no more.
public struct RetryPolicy: Sendable {
    /// Failures in a row, without a byte between them, after which it is given up.
    public var attempts: Int
    /// The pause after the first failure; each further one is twice as long.
    public var firstPause: Duration
    /// No pause of our own is longer.
    public var longestPause: Duration
    /// The longest pause that a server may ask for; where it wants more, it is given up.
    public var longestRequestedPause: Duration

    /// Half a minute of patience with the network, five minutes with a server that says how long.
    public init(
        attempts: Int = 7, firstPause: Duration = .milliseconds(500),
        longestPause: Duration = .seconds(30), longestRequestedPause: Duration = .seconds(300)
    ) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.longestRequestedPause = longestRequestedPause
    }

    /// Does something until it succeeds or is not worth another attempt.
    ///
    /// - Parameters:
    ///   - stop: Ends the pauses.
    ///   - notice: Is told of each pause.
    ///   - body: The work; it says whether it came further, which starts the counting anew.
    /// - Returns: What `body` returns.
    /// - Throws: The last error of `body`, or `CancellationError`.
    func run<Value>(
        stop: StopSignal, notice: (HubError, Duration) -> Void = { _, _ in },
        _ body: (_ progressed: inout Bool) throws -> Value
    ) throws -> Value {
        var failures = 0
        while true {
            try stop.check()
            var progressed = false
            do {
                return try body(&progressed)
            } catch let error as HubError {
                guard case .later(let requested) = error.recovery else { throw error }
                failures = progressed ? 1 : failures + 1
                guard failures < attempts else { throw Self.exhausted(error, failures) }
                let pause = try pause(after: failures, requested: requested, error)
                notice(error, pause)
                try stop.sleep(pause)
            }
        }
    }

    /// How long to wait after so many failures.
    private func pause(
        after failures: Int, requested: Duration?, _ error: HubError
    ) throws -> Duration {
        if let requested {
            guard requested <= longestRequestedPause else {
                throw HubError(
                    error.subject, error.reason,
                    advice: "Try again in \(requested.components.seconds / 60 + 1) minutes.",
                    cause: error.cause)
            }
            return max(requested, firstPause)
        }
        let doubled = firstPause * (1 << min(failures - 1, 16))
        // Clients that failed together must not come back together.
        return min(doubled, longestPause) * Double.random(in: 0.75...1)
    }

    private static func exhausted(_ error: HubError, _ failures: Int) -> HubError {
        HubError(
            error.subject, "\(error.reason), \(failures) times in a row",
            advice: [error.advice, "Run the same command again to continue where it stopped."]
                .compactMap { $0 }.joined(separator: " "),
            cause: error.cause, recovery: error.recovery)
    }
}
