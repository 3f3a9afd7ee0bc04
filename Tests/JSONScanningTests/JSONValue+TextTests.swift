import Testing

@testable import JSONScanning

@Suite struct JSONValueTextTests {
    @Test(arguments: [
        #"{"a":[1,-2.5,null,true,false,"x"],"b":{"c":[]}}"#, #""\"\\\n\u0000\u001fä😀""#, "[]", "{}",
        "1e+300", "-9223372036854775808",
    ]) func isReadBackAsTheSame(_ json: String) throws {
        let value = try JSONValue(document: Array(json.utf8))
        let text = value.text
        #expect(!text.contains("\n"))
        #expect(try JSONValue(document: Array(text.utf8)) == value)
    }

    @Test func whatIsNoNumberIsNull() {
        #expect(JSONValue.array([.number(.infinity), .number(.nan)]).text == "[null,null]")
    }

    @Test func literalsAreValues() {
        let value: JSONValue = ["a": [1, true, "x"]]
        #expect(value.text == #"{"a":[1,true,"x"]}"#)
    }

    @Test func longTextsAndListsAreCut() {
        let value: JSONValue = ["a": ["12345", "1234", 7]]
        #expect(value.cut(textsTo: 4, arraysTo: 2) == ["a": ["1234…", "1234"]])
    }

    @Test func whatFollowsADocumentIsRefused() {
        #expect(throws: JSONScanner.Failure.self) { try JSONValue(document: Array("1 2".utf8)) }
    }
}
