import Testing

@testable import ModelHub

@Suite struct ProxySettingsTests {
    private func route(
        _ variables: [String: String], to text: String = "https://huggingface.co/x"
    ) throws -> ProxySettings.Route {
        try ProxySettings(variables).route(to: try #require(WebAddress(text)))
    }

    private static let proxy = ProxySettings.Route.tunnel(.init(host: "proxy", port: 3128))

    @Test func schemeChoosesTheProxy() throws {
        let variables = ["HTTPS_PROXY": "http://proxy:3128", "HTTP_PROXY": "other"]
        #expect(try route(variables) == Self.proxy)
        #expect(
            try route(variables, to: "http://x/")
                == .tunnel(.init(host: "other", port: 80)))
        #expect(try route([:]) == .direct)
        #expect(try route(["https_proxy": "proxy:3128", "HTTPS_PROXY": "no"]) == Self.proxy)
        #expect(
            try route(["HTTPS_PROXY": "https://proxy"])
                == .tunnel(.init(host: "proxy", port: 443, isEncrypted: true)))
        #expect(try route(["ALL_PROXY": "socks5h://s"]) == .socks(host: "s", port: 1080))
    }

    @Test func nameAndPasswordAreDecoded() throws {
        #expect(
            try route(["HTTPS_PROXY": "http://me%40home:p%3Aw@proxy:1"])
                == .tunnel(.init(host: "proxy", port: 1, user: "me@home", password: "p:w")))
    }

    @Test(arguments: [
        "*", "huggingface.co", ".co", "x.y, huggingface.co", "*.huggingface.co", "HuggingFace.co",
        "huggingface.co:443",
    ]) func exceptionLeadsPastTheProxy(exception: String) throws {
        #expect(
            try route(["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": exception]) == .direct)
    }

    @Test(arguments: ["", "face.co", "co.huggingface", "huggingface.co:80", "hugging", ","])
    func otherExceptionsDoNot(exception: String) throws {
        #expect(
            try route(["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": exception]) == Self.proxy)
    }

    @Test(arguments: ["quic://proxy", "ftp://proxy", "http://", "://"])
    func proxyThatCannotBeUsedIsNamedByItsVariable(text: String) {
        let error = #expect(throws: HubError.self) { try ProxySettings(["https_proxy": text]) }
        #expect(error?.subject == "https_proxy")
    }
}
