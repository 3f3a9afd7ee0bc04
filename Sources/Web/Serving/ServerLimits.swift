import NIOCore

/// What one client, and all together, may take of the server.
struct ServerLimits: Sendable {
    /// Bytes of a request's line and headers.
    var headBytes = 16 << 10
    /// Header lines of a request.
    var headerLines = 64
    /// Bytes of a request's body.
    var bodyBytes = 16 << 10
    /// Connections at a time; further ones are closed at once.
    var connections = 256
    /// Connections that listen to news at a time.
    var listeners = 32
    /// Requests that wait for a thread; to further ones the server is busy.
    var waitingRequests = 128
    /// Pictures that wait to be made, the latest of which comes first.
    var waitingPictures = 256
    /// Requests that wait for the model, the latest of which comes first.
    var waitingForModel = 8
    /// The time from the opening of a connection, or the end of an answer, to the end of a request's head.
    var headTime = TimeAmount.seconds(20)
    /// The time for a request's body.
    var bodyTime = TimeAmount.seconds(10)
    /// The time in which a client takes `chunk` bytes.
    var chunkTime = TimeAmount.seconds(20)
    /// Bytes that are written at a time, and of a file read.
    var chunk = 128 << 10
}
