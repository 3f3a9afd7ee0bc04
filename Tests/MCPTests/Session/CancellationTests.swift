import JSONScanning
import TestSupport
import Testing

@testable import MCP

@Suite struct CancellationTests {
    @Test func aCallThatIsCancelledEndsAndIsNotAnswered() throws {
        let conversation = try Conversation()
        conversation.call(1, "wait")
        // Lines are read on while it runs, and other tools are called.
        conversation.call(2, "echo", #"{"text":"a"}"#)
        conversation.call(3, "wait")
        conversation.call(1, "echo", #"{"text":"a"}"#)
        conversation.say(
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
        let answers = try conversation.answers()
        #expect(answers.compactMap { $0["id"]?.text }.sorted() == ["2", "3", "null"])
        #expect(answers.first { $0["id"] == 3 }?["result"]?["isError"] == true)
        #expect(answers.first { $0["id"] == .null }?["error"]?["code"] == -32600)
    }

    @Test func theNextLongCallIsTakenOnceTheFirstIsOver() throws {
        let conversation = try Conversation()
        for id in 1...20 {
            conversation.call(id, "wait")
            conversation.say(
                """
                {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":\(id)}}
                """)
            #expect(try conversation.answers().isEmpty, "\(id)")
        }
    }

    @Test func whatNobodyHearsIsGivenUp() throws {
        let conversation = try Conversation()
        conversation.call(1, "wait")
        conversation.server.finish { false }
        #expect(try conversation.answers().isEmpty)
    }

    @Test func handlersAreCalledOnceAndNotAfterTheirWork() throws {
        let cancellation = Cancellation()
        let calls = CallCounter()
        try cancellation.whileWanted(onCancel: { calls.add() }) {}
        try cancellation.whileWanted(onCancel: { calls.add() }) { cancellation.cancel() }
        #expect(calls.count == 1)
        #expect(throws: CancellationError.self) {
            try cancellation.whileWanted(onCancel: { calls.add() }) {}
        }
        #expect(throws: CancellationError.self) { try cancellation.check() }
        #expect(calls.count == 1)
    }
}
