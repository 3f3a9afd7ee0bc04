/// What went wrong with a work queue: says where, and what to do where that is known.
public enum QueueError: Error, Equatable, CustomStringConvertible, Sendable {
    /// It is no address of a database; what was given is not repeated, since it may hold a password.
    case badAddress
    /// The database cannot be reached, or the connection to it is over.
    case unreachable(place: String, reason: String)
    /// The database did not answer in time.
    case timedOut(place: String)
    /// The caller was asked to stop meanwhile.
    case interrupted
    /// The database refused what was asked of it; `code` is its SQLSTATE.
    case refused(place: String, code: String, reason: String)
    /// It has no queue, or one of another version.
    case otherVersion(place: String, reason: String)
    /// The database answered with what is no answer.
    case badAnswer(place: String, reason: String)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .badAddress:
            "the queue's address cannot be read: expected a connection string of libpq, such as "
                + "postgresql://nas.local/vignette"
        case .unreachable(let place, let reason): "\(place) cannot be reached: \(reason)"
        case .timedOut(let place): "\(place) did not answer in time"
        case .interrupted: "interrupted"
        case .refused(let place, let code, let reason): "\(place): \(reason) (\(code))"
        case .otherVersion(let place, let reason), .badAnswer(let place, let reason):
            "\(place): \(reason)"
        }
    }

    /// Whether the same may succeed later, by itself.
    public var isPassing: Bool {
        switch self {
        case .unreachable, .timedOut, .interrupted: true
        // Connections, resources, an operator's intervention, serialisation: the classes of SQLSTATE that pass.
        case .refused(_, let code, _):
            ["08", "53", "57", "40", "55"].contains(String(code.prefix(2)))
        case .badAddress, .otherVersion, .badAnswer: false
        }
    }
}
