import Testing

@testable import Digests

@Suite struct ScryptTests {
    /// As Python's `hashlib.scrypt(b"correct horse", salt=b"salt", n=2**15, r=8, p=1, maxmem=2**26, dklen=32)` has it.
    @Test func agreesWithAnotherImplementation() {
        let hash = Scrypt.hash(Array("correct horse".utf8), salt: Array("salt".utf8))
        #expect(
            hash.hexadecimal == "a3479fbdc10408db76d4413bd916aa53e8cc54bb088da32666d81ab4aa1ea937")
    }

    @Test func digitsAreReadBack() {
        let bytes = [UInt8](0...255)
        #expect([UInt8](hexadecimal: bytes.hexadecimal) == bytes)
        #expect([UInt8](hexadecimal: bytes.hexadecimal.uppercased()) == bytes)
        for text in ["0", "0g", "é0", "０0", " 0", "0x10"] {
            #expect([UInt8](hexadecimal: text) == nil, "\(text)")
        }
    }
}
