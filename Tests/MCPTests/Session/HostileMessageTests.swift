import FileSystem
import JSONScanning
import TestSupport
import Testing

@testable import MCP

/// Messages that nobody would send: nothing crashes, and no request is answered twice.
@Suite struct HostileMessageTests {
    private static let seeds = [
        #"{"jsonrpc":"2.0","id":%,"method":"ping"}"#,
        #"{"jsonrpc":"2.0","id":%,"method":"tools/list","params":{}}"#,
        #"{"jsonrpc":"2.0","id":%,"method":"tools/call","params":{"name":"echo","arguments":{"text":"a","times":2,"more":["x"]}}}"#,
        #"{"jsonrpc":"2.0","id":%,"method":"tools/call","params":{"name":"fail","arguments":{}}}"#,
        #"{"jsonrpc":"2.0","id":%,"method":"resources/read","params":{"uri":"test://a"}}"#,
        #"{"jsonrpc":"2.0","id":%,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}"#,
        #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%}}"#,
        #"[{"jsonrpc":"2.0","id":%,"method":"ping"},{"jsonrpc":"2.0","method":"x"}]"#,
    ]
    /// Between the ids, so that a changed digit makes no other message's of one.
    private static let step = 1_000_003
    private static let odd = [
        "null", "[]", "{}", "-1", "1e999", "\"\\u0000\"", "true", "9223372036854775808", "\"\"",
        String(repeating: "[", count: 10_000), String(repeating: #"{"a":"#, count: 10_000),
        "\"" + String(repeating: "x", count: 100_000) + "\"",
    ]

    private static func message(_ number: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        let text = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
            .replacing("%", with: "\(number * step)")
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return Array(text.utf8)
        case 1: return mutated(Array(text.utf8), using: &generator)
        case 2:
            return Array(text.utf8.prefix(Int.random(in: 0..<text.utf8.count, using: &generator)))
        default:
            // A value of another kind in the place of one.
            let values = text.matches(of: #/:("[^"]*"|\d+|\{\}|\["x"\])/#).map {
                $0.output.1.startIndex..<$0.output.1.endIndex
            }
            let value = values[Int.random(in: 0..<values.count, using: &generator)]
            let other = odd[Int.random(in: 0..<odd.count, using: &generator)]
            return Array(text.replacingCharacters(value, with: other).utf8)
        }
    }

    @Test(arguments: ProtocolVersion.allCases) func aThousandOfThem(
        version: ProtocolVersion
    ) throws {
        var generator = SeededGenerator(seed: 20)
        let conversation = try Conversation(version)
        for number in 1...1000 {
            conversation.server.receive(.whole(Self.message(number, &generator)))
        }
        conversation.say(#"{"jsonrpc":"2.0","id":"last","method":"ping"}"#)
        let answers = try conversation.answers().flatMap { $0.array ?? [$0] }
        let ids = answers.compactMap { $0["id"]?.text }
        #expect(ids.contains("\"last\""))
        let own = ids.filter { id in Int(id).map { $0 > 0 && $0 % Self.step == 0 } ?? false }
        #expect(own.count > 300 && Set(own).count == own.count, "\(own.count)")
        #expect(answers.allSatisfy { ($0["result"] == nil) != ($0["error"] == nil) })
    }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
