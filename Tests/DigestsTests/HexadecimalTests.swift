import Digests
import Testing

@Suite struct HexadecimalTests {
    @Test func everyByteHasTwoLowerCaseDigits() {
        #expect([0, 9, 10, 15, 16, 171, 255].hexadecimal == "00090a0f10abff")
        #expect([UInt8]().hexadecimal.isEmpty)
    }
}
