import Testing

@testable import Tokenization

@Suite struct ByteStringListTests {
    @Test func keepsStringsInOrder() {
        let strings: [[UInt8]] = [[], [1, 2], [], [3], [0xC3, 0xA9]]
        var list = ByteStringList()
        for string in strings { list.append { $0 += string } }
        #expect(list.count == strings.count)
        for (index, string) in strings.enumerated() {
            #expect(list.withBytes(index) { Array($0) } == string)
        }
        #expect(list.text(4) == "é")
    }
}
