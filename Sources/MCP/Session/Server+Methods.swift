import JSONScanning
import Synchronization

/// The methods that are answered at once.
extension Server {
    private static let methods: Set = [
        "initialize", "ping", "tools/list", "tools/call", "resources/list",
        "resources/templates/list", "resources/read",
    ]

    /// Answers a request, or has it answered.
    func handle(
        _ method: String, _ parameters: JSONValue, _ id: RequestID, _ reply: @escaping Reply
    ) {
        do throws(ProtocolFault) {
            guard Self.methods.contains(method) else { throw .noMethod(method) }
            guard state.withLock({ $0.running[id] == nil }) else {
                // Not under that id, which has an answer coming.
                return reply(
                    Answer.fault(.noRequest("a request with this id is at work already"), to: nil))
            }
            switch method {
            case "initialize": reply(Answer.result(try agree(parameters), to: id))
            case "ping": reply(Answer.result([:], to: id))
            default:
                guard let version else {
                    throw .noRequest("the first request is 'initialize'")
                }
                switch method {
                case "tools/call": try call(parameters, version, id, reply)
                case "resources/read": try read(parameters, id, reply)
                case "resources/list": try listResources(parameters, id, reply)
                default: reply(Answer.result(try list(method, parameters, version), to: id))
                }
            }
        } catch {
            reply(Answer.fault(error, to: id))
        }
    }

    /// Agrees upon a version: the one that is asked for, or the newest.
    private func agree(_ parameters: JSONValue) throws(ProtocolFault) -> JSONValue {
        guard let wanted = parameters["protocolVersion"]?.string else {
            throw .badParameters("'protocolVersion' is a text")
        }
        let version = ProtocolVersion(rawValue: wanted) ?? .newest
        let isFirst = state.withLock { state in
            guard state.version == nil else { return false }
            state.version = version
            return true
        }
        guard isFirst else { throw .noRequest("'initialize' comes once") }
        return [
            "protocolVersion": .string(version.rawValue),
            "capabilities": ["tools": [:], "resources": [:]],
            "serverInfo": ["name": .string(name), "version": .string(release)],
            "instructions": .string(instructions),
        ]
    }

    private func list(
        _ method: String, _ parameters: JSONValue, _ version: ProtocolVersion
    ) throws(ProtocolFault) -> JSONValue {
        guard parameters["cursor"] == nil || parameters["cursor"] == .null else {
            throw .badParameters("there is no such cursor: lists come whole")
        }
        return switch method {
        case "tools/list": ["tools": .array(tools.map { $0.listed(for: version) })]
        default:
            [
                "resourceTemplates": .array(
                    templates.map {
                        [
                            "uriTemplate": .string($0.pattern), "name": .string($0.name),
                            "description": .string($0.description), "mimeType": .string($0.type),
                        ]
                    })
            ]
        }
    }
}
