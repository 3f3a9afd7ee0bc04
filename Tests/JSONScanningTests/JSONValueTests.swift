import Testing

@testable import JSONScanning

@Suite struct JSONValueTests {
    private func value(_ json: String) throws -> JSONValue {
        try Array(json.utf8).withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            let value = try scanner.value()
            try scanner.expectEnd()
            return value
        }
    }

    @Test func readsATree() throws {
        let tree = try value(#"{"a":[1,-2.5,null,true,"x"],"b":{"c":9223372036854775808}}"#)
        #expect(
            tree["a"]?.array == [.integer(1), .number(-2.5), .null, .boolean(true), .string("x")])
        #expect(tree["b"]?["c"] == .number(9_223_372_036_854_775_808))
        #expect(tree["a"]?["c"] == nil)
        #expect(tree.array == nil && tree.string == nil && tree.integer == nil)
    }

    @Test(arguments: [#"{"a":1,"a":2}"#, "[1", "", "[1,]", "nil"])
    func refuses(_ json: String) {
        #expect(throws: JSONScanner.Failure.self) { try value(json) }
    }

    @Test func boundsDepthAndSize() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try value(nested(JSONValue.maximumDepth)) }
        #expect(throws: JSONScanner.Failure.self) { try value(nested(100_000)) }
    }
}
