import JSONScanning
import Synchronization

/// Where the answer to a request goes; called once, with `nil` where none is to be given.
typealias Reply = @Sendable (JSONValue?) -> Void

/// The answers to a batch, which go out together once all are there.
final class BatchReply: Sendable {
    private struct State {
        var missing: Int
        var answers: [JSONValue] = []
    }

    private let state: Mutex<State>
    private let send: @Sendable (JSONValue) -> Void

    /// Waits for as many answers as a batch has messages, those to notifications empty.
    init(of count: Int, send: @escaping @Sendable (JSONValue) -> Void) {
        state = Mutex(State(missing: count))
        self.send = send
    }

    /// Takes one.
    func add(_ answer: JSONValue?) {
        let whole: [JSONValue]? = state.withLock { state in
            state.missing -= 1
            if let answer { state.answers.append(answer) }
            return state.missing == 0 ? state.answers : nil
        }
        if let whole, !whole.isEmpty { send(.array(whole)) }
    }
}

/// Answers as JSON-RPC has them.
enum Answer {
    static func result(_ value: JSONValue, to id: RequestID) -> JSONValue {
        ["jsonrpc": "2.0", "id": id.json, "result": value]
    }

    static func fault(_ fault: ProtocolFault, to id: RequestID?) -> JSONValue {
        ["jsonrpc": "2.0", "id": id?.json ?? .null, "error": fault.json]
    }
}
