/// Where news come from that a browser listens to.
protocol EventSource: Sendable {
    /// Begins to listen, with the first news; blocks for a moment.
    ///
    /// - Parameter send: Takes an event's data: text of any number of lines. From any thread.
    /// - Returns: What ends it.
    func listen(_ send: @escaping @Sendable (String) -> Void) -> any EventSubscription
}

/// Somebody's listening to news.
protocol EventSubscription: Sendable {
    /// Ends it; news that are being told just now may still come.
    func end()
}

/// An event as it is written (HTML standard, 9.2).
enum ServerSentEvent {
    /// The bytes of an event with this data.
    static func bytes(_ data: String) -> [UInt8] {
        let lines = data.split(separator: "\n", omittingEmptySubsequences: false)
        return Array(lines.map { "data: \($0)\n" }.joined().utf8) + Array("\n".utf8)
    }
}
