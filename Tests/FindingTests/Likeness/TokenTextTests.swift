import Finding
import Testing
import WorkQueue

@Suite struct TokenTextTests {
    @Test func aTokenIsReadAgainAsItIsStored() {
        let elements: [Float] = (0..<192).map { Float($0) / 64 - 1.5 } + [65_504, -0.25]
        let text = TokenText.text(VisionToken(elements: elements))
        #expect(text.hasPrefix("token:"))
        #expect(
            text.dropFirst(6).allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0))
            })
        #expect(TokenText.elements(of: text) == elements)
    }

    @Test(arguments: [
        "", "token:", "token:A", "token:AAA!", "token:AAAA/", "tokens:AAA", "token:AHw",
        "token:AAAA",
    ])
    func whatIsNoneIsNone(_ text: String) {
        #expect(TokenText.elements(of: text) == nil)
    }

    @Test func whatIsTooLongIsNone() {
        #expect(TokenText.elements(of: "token:" + String(repeating: "A", count: 80_000)) == nil)
    }
}
