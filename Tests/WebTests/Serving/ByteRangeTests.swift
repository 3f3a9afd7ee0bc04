import Testing

@testable import Web

/// Parts as RFC 9110 has them.
@Suite struct ByteRangeTests {
    @Test(
        arguments: [
            ("bytes=0-", 0..<100), ("bytes=0-0", 0..<1), ("bytes=10-19", 10..<20),
            ("bytes=90-1000", 90..<100),
            ("bytes=-10", 90..<100), ("bytes=-1000", 0..<100), ("bytes=99-", 99..<100),
        ] as [(String, Range<Int64>)]) func aPartIsGiven(header: String, range: Range<Int64>)
    {
        #expect(ByteRange(header, size: 100) == .part(range))
    }

    @Test(arguments: ["bytes=100-", "bytes=-0", "bytes=1000-2000"])
    func aPartThatIsNotThereIsRefused(header: String) {
        #expect(ByteRange(header, size: 100) == .unsatisfiable)
    }

    @Test(arguments: [
        nil, "", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b",
        "bytes=99999999999999999999-", "bytes=-99999999999999999999", "bytes= 0-1", "bytes=0x1-2",
    ])
    func whatCannotBeReadIsLeftAside(header: String?) {
        #expect(ByteRange(header, size: 100) == .whole)
    }
}
