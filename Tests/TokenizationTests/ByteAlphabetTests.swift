import Testing

@testable import Tokenization

@Suite struct ByteAlphabetTests {
    @Test func writesEveryByteOnce() {
        let bytes = (0..<0x144).compactMap { number in
            Unicode.Scalar(UInt32(number)).flatMap { ByteAlphabet.bytes(of: String($0)) }
        }
        #expect(bytes.count == 256)
        #expect(Set(bytes).count == 256)
    }

    @Test(arguments: [("Ġthe", " the"), ("Ċ", "\n"), ("Ã©", "é"), ("", ""), ("Ń", "\u{AD}")])
    func readsGPT2sTable(_ token: String, _ text: String) {
        let bytes = token == "Ń" ? [0xAD] : Array(text.utf8)
        #expect(ByteAlphabet.bytes(of: token) == bytes)
    }

    @Test(arguments: [" ", "\u{AD}", "的", "a b", "e\u{301}"])
    func refusesOtherCharacters(_ token: String) {
        #expect(ByteAlphabet.bytes(of: token) == nil)
    }
}
