import JSONScanning
import TestSupport
import Testing

@testable import MCP

@Suite struct ArgumentsTests {
    @Test(arguments: [
        #"{}"#, #"{"text":1}"#, #"{"text":null}"#, #"{"text":"12345678901"}"#,
        #"{"text":"a","other":1}"#, #"{"text":"a","times":0}"#, #"{"text":"a","times":4}"#,
        #"{"text":"a","times":1.5}"#, #"{"text":"a","times":"2"}"#, #"{"text":"a","loud":0}"#,
        #"{"text":"a","tone":"shrill"}"#, #"{"text":"a","more":"x"}"#, #"{"text":"a","more":[]}"#,
        #"{"text":"a","more":["x","y","z"]}"#, #"{"text":"a","more":["xyz"]}"#,
        #"{"text":"a","more":[["x"]]}"#, #"{"text":"a\u0000b"}"#, "[]", "7",
    ]) func whatAToolDoesNotTakeIsRefused(arguments: String) throws {
        let conversation = try Conversation()
        conversation.call(1, "echo", arguments)
        #expect(try conversation.answers().first?["error"]?["code"] == -32602, "\(arguments)")
    }

    @Test(arguments: [
        #"{"text":"1234567890"}"#, #"{"text":"a","times":null}"#,
        #"{"text":"","times":3,"loud":false,"tone":"low","more":["x","yz"]}"#,
    ]) func whatItTakesIsNot(arguments: String) throws {
        let conversation = try Conversation()
        conversation.call(1, "echo", arguments)
        #expect(try conversation.answers().first?["result"] != nil, "\(arguments)")
    }
}
