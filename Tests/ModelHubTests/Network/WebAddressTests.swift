import Foundation
import Testing

@testable import ModelHub

@Suite struct WebAddressTests {
    @Test func originIsSchemeHostAndPort() throws {
        let address = try #require(WebAddress("HTTPS://Hugging.CO/a?b=c#d"))
        #expect(address.origin == "https://hugging.co:443")
        #expect(address.description == "HTTPS://Hugging.CO/a")
        #expect(WebAddress("http://x:8080")?.origin == "http://x:8080")
    }

    @Test(arguments: [
        "", "x", "file:///etc", "http://", "http:///x", "ftp://x/", "http://u@x/", "http://u:p@x/",
        "javascript:1", "https://x:0/", "https://x:70000/",
    ]) func whatIsNoPlainWebAddressIsRefused(text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test func componentsAreEncoded() throws {
        let hub = try #require(WebAddress("https://hub/mirror/"))
        let address = try #require(
            hub.appending(["a b", "ü", "refs/pr/1", "x?y#z%2F"], query: "q=1"))
        #expect(
            address.url.absoluteString
                == "https://hub/mirror/a%20b/%C3%BC/refs%2Fpr%2F1/x%3Fy%23z%252F?q=1")
    }

    @Test func redirectsMayBeRelative() throws {
        let address = try #require(WebAddress("https://hub/a/b?c"))
        #expect(address.resolving("/d")?.url.absoluteString == "https://hub/d")
        #expect(address.resolving("e")?.url.absoluteString == "https://hub/a/e")
        #expect(address.resolving("//other/f")?.origin == "https://other:443")
        #expect(address.resolving("http://other/f")?.origin == "http://other:80")
        #expect(address.resolving("mailto:x") == nil)
    }
}
