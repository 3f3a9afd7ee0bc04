import NIOHTTP1

/// What stands behind the server: decides about requests and answers them.
protocol RequestHandler: Sendable {
    /// Decides, before a request's body is read, whether it may come in; quickly, on the event loop.
    ///
    /// - Parameters:
    ///   - head: The request's line and headers.
    ///   - port: The port at which it came.
    /// - Returns: `nil` if it may; otherwise what it is refused with.
    func refusal(of head: HTTPRequestHead, port: Int) -> WebResponse?

    /// Answers a request that was let in; on a thread that may block.
    func answer(_ request: WebRequest) -> WebAnswer

    /// Ends what goes on by itself; nothing is asked any more.
    func close()
}

/// What comes of a request.
enum WebAnswer: Sendable {
    /// The answer.
    case ready(WebResponse)
    /// A picture has to be made first, on a thread for that.
    case picture(@Sendable () -> WebResponse)
    /// The model has to be asked first, on the thread for that.
    case model(@Sendable () -> WebResponse)
}
