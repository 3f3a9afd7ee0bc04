import FileSystem
import JSONScanning
import TestSupport
import Testing

@testable import MCP

@Suite struct ServerTests {
    private static func greeting(_ version: String) -> String {
        """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"\(version)"}}
        """
    }

    @Test(arguments: [
        ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
        ("2099-01-01", "2025-06-18"), ("", "2025-06-18"),
    ]) func agreesUponAVersion(wanted: String, agreed: String) throws {
        let result = try Conversation(nil).answer(to: Self.greeting(wanted))["result"]
        #expect(result?["protocolVersion"]?.string == agreed)
        #expect(result?["serverInfo"]?["name"] == "test")
        #expect(result?["capabilities"]?["tools"] == [:])
    }

    @Test(arguments: [
        ("{", -32700), ("nothing", -32700), (#"{"jsonrpc":"2.0","id":1,"id":2}"#, -32700),
        (String(repeating: "[", count: 10_000), -32700),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"ping","params":"#
                + String(repeating: #"{"a":"#, count: 10_000)
                + "1" + String(repeating: "}", count: 10_001), -32700
        ),
        ("1", -32600), ("[]", -32600), (#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, -32600),
        (#"{"id":1,"method":"ping"}"#, -32600),
        (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1}"#, -32600), (#"{"jsonrpc":"2.0","id":1,"method":2}"#, -32600),
        (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600),
        (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600),
        (greeting("2025-06-18"), -32600),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/remove"}"#, -32601),
        (#"{"jsonrpc":"2.0","id":1,"method":"notifications/initialized"}"#, -32601),
        (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}"#, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}}"#, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":1}}"#, -32602),
        (#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"b"}}"#, -32002),
    ]) func saysWhatIsWrong(line: String, code: Int) throws {
        let answer = try Conversation().answer(to: line)
        #expect(answer["error"]?["code"]?.integer == code, "\(answer.text)")
        #expect(answer["error"]?["message"]?.string?.isEmpty == false)
    }

    @Test func whatIsTooLongIsRefused() throws {
        let conversation = try Conversation()
        conversation.server.receive(.tooLong)
        let answers = try conversation.answers()
        #expect(answers.map { $0["error"]?["code"]?.integer } == [-32600])
        #expect(answers[0]["id"] == .null)
    }

    @Test func nothingButPingGoesBeforeTheGreeting() throws {
        let conversation = try Conversation(nil)
        #expect(
            try conversation.fault(of: #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
                == -32600)
        #expect(
            try conversation.answer(to: #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)["result"]
                == [:])
        let early = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#
        #expect(try conversation.fault(of: early) == -32602)
        #expect(try conversation.answer(to: Self.greeting("2025-06-18"))["result"] != nil)
    }

    @Test func notificationsAndAnswersAreNotAnswered() throws {
        let conversation = try Conversation()
        for line in [
            #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            #"{"jsonrpc":"2.0","method":"whatever","params":7}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}"#,
            #"{"jsonrpc":"2.0","id":1,"result":{}}"#, "", "  \r",
        ] { conversation.say(line) }
        #expect(try conversation.answers().isEmpty)
    }

    @Test(arguments: ProtocolVersion.allCases) func toolsAreListedAsTheVersionHasThem(
        version: ProtocolVersion
    ) throws {
        let list = try Conversation(version).answer(
            to: #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
        let tools = try #require(list["result"]?["tools"]?.array)
        #expect(tools.map { $0["name"]?.string } == ["echo", "fail", "count", "wait"])
        let schema = tools[0]["inputSchema"]
        #expect(schema?["type"] == "object" && schema?["required"] == ["text"])
        #expect(schema?["properties"]?["times"]?["maximum"] == 3)
        #expect(schema?["properties"]?["text"]?["description"] == "What.")
        #expect((tools[0]["outputSchema"] != nil) == (version == .june2025))
        #expect((tools[0]["annotations"] != nil) == (version != .november2024))
    }

    @Test(arguments: ProtocolVersion.allCases) func aResultIsTextAndStructure(
        version: ProtocolVersion
    ) throws {
        let conversation = try Conversation(version)
        conversation.call(1, "echo", #"{"text":"a\"b"}"#)
        let result = try #require(try conversation.answers().first?["result"])
        #expect(result["isError"] == false)
        #expect(result["content"] == [["type": "text", "text": #"{"text":"a\"b"}"#]])
        #expect(
            result["structuredContent"] == (version == .june2025 ? ["text": #"a"b"#] : nil))
    }

    @Test func aToolsFailureIsAResult() throws {
        let conversation = try Conversation()
        conversation.call(1, "fail")
        let result = try conversation.answers().first?["result"]
        #expect(result?["isError"] == true)
        #expect(result?["content"]?.array?.first?["text"] == "it did not work")
    }

    @Test func resourcesAreReadByTheirTemplates() throws {
        let conversation = try Conversation()
        let list = try conversation.answer(
            to: #"{"jsonrpc":"2.0","id":1,"method":"resources/templates/list"}"#)
        let template = list["result"]?["resourceTemplates"]?.array?.first
        #expect(template?["uriTemplate"] == "test://{name}")
        let read = try conversation.answer(
            to: #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"test://a"}}"#)
        #expect(
            read["result"]?["contents"] == [
                ["uri": "test://a", "mimeType": "text/plain", "blob": "aGVsbG8="]
            ])
    }

    @Test func resourcesAreListedPartByPart() throws {
        let conversation = try Conversation()
        func list(_ cursor: String) throws -> JSONValue {
            try conversation.answer(
                to:
                    #"{"jsonrpc":"2.0","id":1,"method":"resources/list","params":{"cursor":\#(cursor)}}"#
            )
        }
        let first = try list("null")["result"]
        #expect(
            first?["resources"] == [
                ["uri": "test://a", "name": "a", "mimeType": "text/plain", "description": "A."]
            ])
        #expect(first?["nextCursor"] == "2")
        #expect(try list("\"2\"")["result"] == ["resources": []])
        for wrong in ["\"x\"", "7", "[]"] {
            #expect(try list(wrong)["error"]?["code"]?.integer == -32602)
        }
    }

    @Test func whoWantsToKnowIsToldHowFarItIs() throws {
        let conversation = try Conversation()
        for token in ["\"t\"", "7"] {
            conversation.say(
                """
                {"jsonrpc":"2.0","id":\(token),"method":"tools/call","params":{"name":"count",\
                "_meta":{"progressToken":\(token)}}}
                """)
        }
        let said = try conversation.answers()
        let told = said.filter { $0["method"] == "notifications/progress" }
        #expect(told.map { $0["params"]?["progress"]?.integer } == [1, 2, 1, 2])
        #expect(told.allSatisfy { $0["params"]?["total"] == 2 && $0["id"] == nil })
        #expect(told.first?["params"]?["progressToken"] == "t")
        // Nothing is told behind the answer, nor where nobody asked.
        #expect(said.last?["result"] != nil)
        conversation.call(3, "count")
        #expect(try conversation.answers().count == 7)
    }

    @Test func aBatchIsAnsweredInOneWhereTheVersionHasThem() throws {
        let conversation = try Conversation(.march2025)
        let answer = try conversation.answer(
            to: """
                [{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"x"},\
                {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"fail"}},7]
                """)
        #expect(answer.array?.count == 3)
        conversation.say(#"[{"jsonrpc":"2.0","method":"x"}]"#)
        #expect(try conversation.answers().count == 1)
    }
}
