public import Foundation
public import NIOHTTP1

/// A request as a `TestHub` received it.
public struct TestRequest: Sendable {
    /// Which of the hub's two hosts was asked.
    public enum Host: Sendable {
        /// The hub itself.
        case hub
        /// The host that holds stored files, at an origin of its own.
        case storage
    }
    /// Which host was asked.
    public let host: Host
    /// `GET` or `HEAD`.
    public let method: HTTPMethod
    /// The target, with its query.
    public let target: String
    /// The headers.
    public let headers: HTTPHeaders
    /// How many requests came before, to either host.
    public let number: Int

    /// Whether a file's bytes are asked for.
    public var wantsBytes: Bool {
        method == .GET && (host == .storage || target.contains("/resolve/"))
    }

    /// The part that is asked for, in bytes; nil for the whole.
    public func range(of size: Int) -> Range<Int>? {
        guard let text = headers.first(name: "Range"),
            let match = text.wholeMatch(of: /bytes=([0-9]+)-([0-9]+)/),
            let first = Int(match.1), let last = Int(match.2), first <= last
        else { return nil }
        return first..<min(last + 1, size)
    }
}

/// What a `TestHub` is about to answer; a fault changes it.
public struct TestResponse: Sendable {
    /// How the body ends.
    public enum Ending: Sendable, Equatable {
        /// As announced.
        case complete
        /// The connection closes after so many bytes.
        case cut(after: Int)
        /// After so many bytes nothing comes any more, and the connection stays open.
        case stalled(after: Int)
    }
    /// The status.
    public var status: HTTPResponseStatus
    /// The headers; the length is announced from the body unless it stands here.
    public var headers: HTTPHeaders
    /// The body.
    public var body: Data
    /// How the body ends.
    public var ending = Ending.complete

    /// Describes an answer.
    public init(_ status: HTTPResponseStatus, _ headers: HTTPHeaders = [:], body: Data = Data()) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }
}
