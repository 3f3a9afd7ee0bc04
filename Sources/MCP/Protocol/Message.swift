import JSONScanning

/// A message of JSON-RPC 2.0.
enum Message: Equatable {
    case request(RequestID, method: String, parameters: JSONValue)
    case notification(method: String, parameters: JSONValue)
    /// An answer; nothing is ever asked of the other side.
    case response

    /// Why something is no message, and which request was meant.
    struct Refusal: Error, Equatable {
        let fault: ProtocolFault
        let id: RequestID?
    }

    /// Tells what a message is.
    init(_ value: JSONValue) throws(Refusal) {
        guard case .object(let members) = value else {
            throw Refusal(fault: .noRequest("a message is an object"), id: nil)
        }
        let id = RequestID(members["id"])
        guard members["jsonrpc"] == "2.0" else {
            throw Refusal(fault: .noRequest("a message says \"jsonrpc\":\"2.0\""), id: id)
        }
        guard members["id"] == nil || id != nil else {
            throw Refusal(fault: .noRequest("an id is a text or a whole number"), id: nil)
        }
        guard let method = members["method"] else {
            guard members["result"] != nil || members["error"] != nil else {
                throw Refusal(fault: .noRequest("a request names a method"), id: id)
            }
            self = .response
            return
        }
        guard case .string(let name) = method else {
            throw Refusal(fault: .noRequest("a method's name is a text"), id: id)
        }
        let parameters = members["params"] ?? [:]
        guard let id else {
            self = .notification(method: name, parameters: parameters)
            return
        }
        guard parameters.members != nil else {
            throw Refusal(fault: .badParameters("parameters are an object"), id: id)
        }
        self = .request(id, method: name, parameters: parameters)
    }
}
