import Testing

@testable import Web

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8417", "127.0.0.1:8417", true), ("[::1]:80", "[::1]:80", true),
        ("localhost:9000", "127.0.0.1:9000", true), ("127.8.9.1:1", "127.8.9.1:1", true),
        ("0.0.0.0:80", "0.0.0.0:80", false), ("192.168.1.4:80", "192.168.1.4:80", false),
        ("[::]:80", "[::]:80", false),
    ]) func addressesAreRead(text: String, shown: String, isLoopback: Bool) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.description == shown)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(arguments: [
        "", "8417", ":8417", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "example.org:80",
        "::1:80",
        "[127.0.0.1]:80", "127.0.0.1:-1", "127.1:80",
    ])
    func whatIsNoneIsNone(text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
