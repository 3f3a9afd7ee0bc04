import FileSystem
import JSONScanning
import Synchronization
import TestSupport
import Testing

@testable import MCP

/// A server with a few tools, and what it has sent.
final class Conversation: Sendable {
    let server: Server
    private let sent: Sent

    private final class Sent: Sendable {
        let lines = Mutex<[String]>([])
    }

    /// Begins, and agrees upon a version unless it is `nil`.
    init(_ version: ProtocolVersion? = .june2025) throws {
        let sent = Sent()
        self.sent = sent
        server = Server(
            name: "test", release: "1", instructions: "", tools: Self.tools,
            templates: [
                ResourceTemplate(
                    "test://{name}", name: "test", description: "", type: "text/plain"
                ) { address, _ in address == "test://a" ? Array("hello".utf8) : nil }
            ],
            listing: { cursor, _ in
                switch cursor {
                case nil:
                    ResourcePage(
                        [
                            ListedResource(
                                "test://a", name: "a", description: "A.", type: "text/plain")
                        ], next: "2")
                case "2": ResourcePage([], next: nil)
                default: nil
                }
            }
        ) { line in sent.lines.withLock { $0.append(line) } }
        if let version {
            say(
                """
                {"jsonrpc":"2.0","id":"hello","method":"initialize","params":{"protocolVersion":\
                "\(version.rawValue)","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
                """)
            _ = try answers()
            sent.lines.withLock { $0 = [] }
        }
    }

    private static let tools = [
        Tool(
            "echo", title: "Echo", description: "Says it again.",
            parameters: [
                Parameter("text", .text(mostCharacters: 10), "What.", isRequired: true),
                Parameter("times", .integer(1...3), "How often."),
                Parameter("loud", .boolean, "Whether."),
                Parameter("tone", .choice(["low", "high"]), "How."),
                Parameter("more", .list(.text(mostCharacters: 2), count: 1...2), "What else."),
            ], output: ["type": "object"]
        ) { arguments, _ in ["text": .string(arguments.texts("text").joined())] },
        Tool("fail", title: "", description: "", parameters: [], output: ["type": "object"]) {
            _, _ in
            throw Failure()
        },
        Tool("count", title: "", description: "", parameters: [], output: ["type": "object"]) {
            _, cancellation in
            for step in 1...2 { cancellation.tell(step, of: 2, "counting") }
            return [:]
        },
        Tool(
            "wait", title: "", description: "", parameters: [], output: ["type": "object"],
            pace: .slow
        ) { _, cancellation in
            try cancellation.whileWanted {
                // What computes asks, what reads is told; this does both.
            } _: {
                while !cancellation.isCancelled { pause() }
                try cancellation.check()
                return [:]
            }
        },
    ]

    struct Failure: Error, CustomStringConvertible {
        let description = "it did not work"
    }

    /// Says a line.
    func say(_ line: String) { server.receive(.whole(Array(line.utf8))) }

    /// Calls a tool.
    func call(_ id: Int, _ tool: String, _ arguments: String = "{}") {
        say(
            """
            {"jsonrpc":"2.0","id":\(id),"method":"tools/call","params":{"name":"\(tool)",\
            "arguments":\(arguments)}}
            """)
    }

    /// What was answered, once all is.
    func answers() throws -> [JSONValue] {
        server.finish { true }
        return try sent.lines.withLock { $0 }.map { try JSONValue(document: Array($0.utf8)) }
    }

    /// The one answer to a line.
    func answer(to line: String) throws -> JSONValue {
        sent.lines.withLock { $0 = [] }
        say(line)
        let all = try answers()
        #expect(all.count == 1, "\(all.map(\.text))")
        return try #require(all.first)
    }

    /// The number of the fault that a line is answered with.
    func fault(of line: String) throws -> Int? { try answer(to: line)["error"]?["code"]?.integer }
}
