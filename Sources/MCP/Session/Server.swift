public import FileSystem
import JSONScanning
import Synchronization

/// One side of a conversation in the Model Context Protocol: takes lines, hands tools their work, sends answers.
///
/// Lines are taken on one thread. Tools run on two others, one for what is quick and one for what takes long, so
/// that a line is always read: it may say that something is not wanted any more.
public final class Server: Sendable {
    /// The most bytes of a message.
    public static let mostLineBytes = 1 << 20
    /// The most messages of a batch.
    static let mostOfBatch = 64
    /// The most requests that wait for a thread.
    private static let mostWaiting = 64

    struct State {
        var version: ProtocolVersion?
        var running: [RequestID: Cancellation] = [:]
    }

    let name: String
    let release: String
    let instructions: String
    let tools: [Tool]
    let templates: [ResourceTemplate]
    let listing: ResourceListing?
    let state = Mutex(State())
    let quick = WorkLane("mcp-quick", capacity: Server.mostWaiting)
    let slow = WorkLane("mcp-slow", capacity: 1)
    private let send: @Sendable (String) -> Void

    /// Begins a conversation.
    ///
    /// - Parameters:
    ///   - name: The program's.
    ///   - release: Its version.
    ///   - instructions: What an assistant should know of it.
    ///   - tools: What can be called.
    ///   - templates: What can be read.
    ///   - listing: Lists what can be read, part by part; `nil` where there is no list.
    ///   - send: Sends a line, from whatever thread.
    public init(
        name: String, release: String, instructions: String, tools: [Tool],
        templates: [ResourceTemplate], listing: ResourceListing? = nil,
        send: @escaping @Sendable (String) -> Void
    ) {
        self.name = name
        self.release = release
        self.instructions = instructions
        self.tools = tools
        self.templates = templates
        self.listing = listing
        self.send = send
    }

    deinit {
        quick.stop()
        slow.stop()
    }

    /// Takes what came.
    public func receive(_ line: BoundedLines.Line) {
        guard case .whole(let bytes) = line else {
            return answer(
                Answer.fault(
                    .noRequest("a message has at most \(Self.mostLineBytes) bytes"), to: nil))
        }
        guard !bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { return }
        let value: JSONValue
        do {
            value = try JSONValue(document: bytes)
        } catch {
            return answer(Answer.fault(.noJSON("\(error)"), to: nil))
        }
        guard case .array(let messages) = value, version?.hasBatches == true else {
            return take(value, isInBatch: false) { [self] in $0.map(answer) }
        }
        take(batch: messages)
    }

    /// Waits until everything that was asked is answered, or nobody is there any more to hear it.
    ///
    /// - Parameter isHeard: Whether somebody is, asked several times a second.
    public func finish(isHeard: () -> Bool) {
        for lane in [quick, slow] {
            while !lane.isIdle(within: 0.1) {
                if !isHeard() { cancelAll() }
            }
        }
    }

    /// What the two sides have agreed upon.
    var version: ProtocolVersion? { state.withLock { $0.version } }

    private func take(batch messages: [JSONValue]) {
        guard (1...Self.mostOfBatch).contains(messages.count) else {
            return answer(
                Answer.fault(
                    .noRequest("a batch has 1 to \(Self.mostOfBatch) messages"), to: nil))
        }
        let reply = BatchReply(of: messages.count) { [self] in answer($0) }
        for message in messages { take(message, isInBatch: true) { reply.add($0) } }
    }

    private func take(_ value: JSONValue, isInBatch: Bool, _ reply: @escaping Reply) {
        let message: Message
        do throws(Message.Refusal) {
            message = try Message(value)
        } catch {
            return reply(Answer.fault(error.fault, to: error.id))
        }
        switch message {
        case .request(let id, let method, let parameters):
            guard !(isInBatch && method == "initialize") else {
                return reply(
                    Answer.fault(.noRequest("'initialize' is no part of a batch"), to: id))
            }
            handle(method, parameters, id, reply)
        case .notification(let method, let parameters):
            if method == "notifications/cancelled" { cancel(parameters) }
            reply(nil)
        case .response: reply(nil)
        }
    }

    private func cancel(_ parameters: JSONValue) {
        guard let id = RequestID(parameters["requestId"]) else { return }
        state.withLock { $0.running[id] }?.cancel()
    }

    private func cancelAll() {
        for cancellation in state.withLock({ Array($0.running.values) }) { cancellation.cancel() }
    }

    private func answer(_ value: JSONValue) { send(value.text) }

    /// Tells something that nobody has asked for.
    func notify(_ method: String, _ parameters: JSONValue) {
        answer(["jsonrpc": "2.0", "method": .string(method), "params": parameters])
    }
}
