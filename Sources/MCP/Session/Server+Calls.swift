import Foundation
import JSONScanning
import Synchronization

/// The methods that take their time.
extension Server {
    /// Has a tool called.
    func call(
        _ parameters: JSONValue, _ version: ProtocolVersion, _ id: RequestID,
        _ reply: @escaping Reply
    ) throws(ProtocolFault) {
        guard let name = parameters["name"]?.string else {
            throw .badParameters("'name' is the name of a tool")
        }
        guard let tool = tools.first(where: { $0.name == name }) else {
            throw .badParameters("there is no tool '\(name)'")
        }
        let arguments = try Arguments(parameters["arguments"], for: tool.parameters)
        let isTaken = work(
            on: tool.pace == .slow ? slow : quick, id, Cancellation(progress: progress(parameters)),
            reply
        ) { cancellation in
            do {
                return ToolResult.found(try tool.run(arguments, cancellation), for: version)
            } catch let fault as ProtocolFault {
                throw fault
            } catch {
                return ToolResult.failure("\(error)")
            }
        }
        guard !isTaken else { return }
        guard tool.pace == .slow else { throw .busy }
        reply(
            Answer.result(
                ToolResult.failure("'\(name)' is at work already; call it again when it is done"),
                to: id))
    }

    /// Tells how far a request is, where it wants to know (`_meta.progressToken`).
    private func progress(_ parameters: JSONValue) -> (@Sendable (Int, Int, String) -> Void)? {
        guard let token = RequestID(parameters["_meta"]?["progressToken"]) else { return nil }
        return { [weak self] done, total, message in
            self?.notify(
                "notifications/progress",
                [
                    "progressToken": token.json, "progress": .integer(done),
                    "total": .integer(total), "message": .string(message),
                ])
        }
    }

    /// Has resources listed.
    func listResources(
        _ parameters: JSONValue, _ id: RequestID, _ reply: @escaping Reply
    ) throws(ProtocolFault) {
        var cursor: String?
        if let given = parameters["cursor"], given != .null {
            guard let text = given.string, listing != nil else {
                throw .badParameters("there is no such cursor")
            }
            cursor = text
        }
        let isTaken = work(on: quick, id, Cancellation(), reply) { [listing, cursor] in
            guard let listing else { return ResourcePage([], next: nil).json }
            guard let page = try listing(cursor, $0) else {
                throw ProtocolFault.badParameters("there is no such cursor")
            }
            return page.json
        }
        guard isTaken else { throw .busy }
    }

    /// Has a resource read.
    func read(
        _ parameters: JSONValue, _ id: RequestID, _ reply: @escaping Reply
    ) throws(ProtocolFault) {
        guard let address = parameters["uri"]?.string else {
            throw .badParameters("'uri' is the address of a resource")
        }
        let templates = templates
        let isTaken = work(on: quick, id, Cancellation(), reply) { cancellation in
            for template in templates {
                guard let bytes = try template.read(address, cancellation) else { continue }
                return [
                    "contents": [
                        [
                            "uri": .string(address), "mimeType": .string(template.type),
                            "blob": .string(Data(bytes).base64EncodedString()),
                        ]
                    ]
                ]
            }
            throw ProtocolFault.noResource(address)
        }
        guard isTaken else { throw .busy }
    }

    /// Has something done on a thread, and answered unless it was cancelled.
    private func work(
        on lane: WorkLane, _ id: RequestID, _ cancellation: Cancellation,
        _ reply: @escaping Reply,
        _ body: @escaping @Sendable (Cancellation) throws -> JSONValue
    ) -> Bool {
        state.withLock { $0.running[id] = cancellation }
        let isTaken = lane.submit { [self] in
            let answer: JSONValue
            do {
                try cancellation.check()
                answer = Answer.result(try body(cancellation), to: id)
            } catch let fault as ProtocolFault {
                answer = Answer.fault(fault, to: id)
            } catch {
                answer = Answer.fault(.failed("\(error)"), to: id)
            }
            state.withLock { _ = $0.running.removeValue(forKey: id) }
            // Who has cancelled a request waits for no answer.
            return { [answer] in reply(cancellation.isCancelled ? nil : answer) }
        }
        if !isTaken { state.withLock { _ = $0.running.removeValue(forKey: id) } }
        return isTaken
    }
}
