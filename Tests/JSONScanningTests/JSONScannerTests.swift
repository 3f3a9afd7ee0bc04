import Foundation
import TestSupport
import Testing

@testable import JSONScanning

/// Scans a document that has to be used up.
private func scan<Value>(
    _ json: String, _ body: (inout JSONScanner) throws -> Value
) throws -> Value {
    try Array(json.utf8).withUnsafeBytes { bytes in
        var scanner = JSONScanner(bytes)
        let value = try body(&scanner)
        try scanner.expectEnd()
        return value
    }
}

@Suite struct JSONScannerTests {
    @Test func readsMembersInOrderAndTwice() throws {
        var members: [String] = []
        try scan(#" { "a" : 1 , "b":-2, "a":3 } "#) { scanner in
            try scanner.object { scanner, key in members.append("\(key)\(try scanner.integer())") }
        }
        #expect(members == ["a1", "b-2", "a3"])
    }

    @Test func readsArraysAndWords() throws {
        var values: [Bool] = []
        try scan("[true,\nfalse\t]") { try $0.array { values.append(try $0.boolean()) } }
        #expect(values == [true, false])
        #expect(try scan("null") { $0.takeNull() })
    }

    @Test(arguments: [
        (#""""#, ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"), (#""é€😀""#, "é€😀"),
        (#""\u00e9\ud83d\ude00x\u0000""#, "é😀x\0"),
    ]) func readsStrings(_ json: String, _ text: String) throws {
        #expect(try scan(json) { try $0.string() } == text)
    }

    @Test(arguments: [
        "\"", "\"a", #""\"#, #""\x""#, #""\u12""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#,
        "\"\u{1}\"", "\"\n\"", "\"a\\n\u{1F}\"", "x", "",
    ]) func refusesWhatIsNoString(_ json: String) {
        #expect(throws: JSONScanner.Failure.self) { try scan(json) { try $0.string() } }
    }

    @Test func refusesAStringThatIsNoUTF8() {
        let bytes: [UInt8] = [0x22, 0x61, 0xFF, 0x22]
        #expect(throws: JSONScanner.Failure(offset: 1, reason: "a string that is no UTF-8")) {
            try bytes.withUnsafeBytes { bytes in
                var scanner = JSONScanner(bytes)
                return try scanner.string()
            }
        }
    }

    @Test func readsTheLargestInteger() throws {
        #expect(try scan("9223372036854775807") { try $0.integer() } == Int.max)
        #expect(try scan("-0") { try $0.integer() } == 0)
    }

    @Test(arguments: ["9223372036854775808", "99999999999999999999", "1.0", "1e3", "00", "-", "a"])
    func refusesWhatIsNoInteger(_ json: String) {
        #expect(throws: JSONScanner.Failure.self) { try scan(json) { try $0.integer() } }
    }

    @Test func saysWhereItFailed() {
        #expect(throws: JSONScanner.Failure(offset: 3, reason: "expected an integer")) {
            try scan("[1,]") { try $0.array { _ = try $0.integer() } }
        }
    }
}

@Suite struct JSONScannerSkipTests {
    @Test(arguments: [
        "1", "-1.5e+3", "\"a\\\"b\"", "[]", "{}", "[[],{},[1,2]]",
        #"{"a":{"b":[1,{"c":null}]},"d":1}"#,
    ]) func passesOverAnyValue(_ json: String) throws {
        try scan("[\(json),7]") { scanner in
            var values = 0
            try scanner.array { scanner in
                values += 1
                if values == 1 { try scanner.skipValue() } else { _ = try scanner.integer() }
            }
            #expect(values == 2)
        }
    }

    @Test(arguments: [
        "", "[", "[1", "[1,", "[1,]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "]", "nul",
    ])
    func refusesWhatIsNoValue(_ json: String) {
        #expect(throws: JSONScanner.Failure.self) { try scan(json) { try $0.skipValue() } }
    }

    @Test func boundsTheDepth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        try scan(nested(JSONScanner.maximumDepth)) { try $0.skipValue() }
        #expect(throws: JSONScanner.Failure.self) {
            try scan(nested(JSONScanner.maximumDepth + 1)) { try $0.skipValue() }
        }
    }

    /// Whatever Foundation reads, the scanner passes over.
    @Test func acceptsWhatFoundationAccepts() throws {
        let original = Array(#"{"a":[1,-2.5e3,{"b":"c\n\u00e9"}],"d":{"e":null,"f":true}}"#.utf8)
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<3000 {
            let bytes = mutated(original, using: &generator)
            guard (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(throws: Never.self, "\(text)") { try scan(text) { try $0.skipValue() } }
        }
    }
}
