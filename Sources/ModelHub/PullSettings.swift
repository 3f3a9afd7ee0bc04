/// How a pull goes about it.
public struct PullSettings: Sendable {
    /// Connections that bring bytes at once.
    public let connections: Int
    /// Bytes that are noted as arrived together; a kill costs less than this on each connection.
    public let blockBytes: Int
    /// Bytes that are asked for at once.
    public let segmentBytes: Int
    /// When a failed request is made again.
    public let retry: RetryPolicy

    /// Settings; numbers below one mean one.
    public init(
        connections: Int = 4, blockBytes: Int = 1 << 20, segmentBytes: Int = 64 << 20,
        retry: RetryPolicy = RetryPolicy()
    ) {
        self.connections = max(1, connections)
        self.blockBytes = max(1, blockBytes)
        self.segmentBytes = max(1, segmentBytes)
        self.retry = retry
    }
}
