import Foundation
import TestSupport
import Testing

@testable import Web

/// The matrix of who may ask: names, methods, origins, tokens.
@Suite struct GateTests {
    private let page: ServedPage
    private let cookie: String

    init() throws {
        let library = try PageLibrary()
        try library.addPicture(1)
        page = try ServedPage(library, names: ["photos.example.org"])
        cookie = try page.cookie()
    }

    static let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]

    static let foreignHosts = [
        "evil.com", "evil.com:PORT", "localhost.evil.com:PORT", "127.0.0.1.nip.io:PORT",
        "0.0.0.0:PORT",
        "localhost.:PORT", "127.0.0.1.:PORT", "127.0.0.2:PORT", "[::]:PORT",
        "[::ffff:127.0.0.1]:PORT",
        "2130706433:PORT", "0x7f.1:PORT", "127.1:PORT", "localhost:1", "localhost", "127.0.0.1", "",
        " ",
        "user@localhost:PORT", "localhost:PORT@evil.com", "localhost:PORT,evil.com",
        "photos.example.org.evil.com",
    ]

    @Test(arguments: methods) func aForeignNameIsRefusedWhateverElseFits(method: String) throws {
        for host in Self.foreignHosts {
            let host = host.replacing("PORT", with: "\(page.port)")
            for origin in ["http://\(host)", "http://\(page.host)"] {
                let response = try page.ask(
                    "\(method) / HTTP/1.1",
                    [
                        "Host: \(host)", "Cookie: \(cookie)", "Origin: \(origin)",
                        "X-Vignette-Script: \(page.scriptToken(cookie))",
                        "Content-Type: application/json",
                    ])
                #expect([400, 421].contains(response.status), "\(method) \(host) from \(origin)")
            }
        }
    }

    @Test func aRequestWithoutANameOrWithTwoIsRefused() throws {
        let none = try page.ask("GET / HTTP/1.1", ["Cookie: \(cookie)"])
        #expect([400, 421].contains(none.status))
        let old = try page.ask("GET / HTTP/1.0", ["Cookie: \(cookie)"])
        #expect([400, 421].contains(old.status))
        for second in [page.host, "evil.com"] {
            let two = try page.ask(
                "GET / HTTP/1.1", ["Host: \(page.host)", "Host: \(second)", "Cookie: \(cookie)"])
            #expect([400, 421].contains(two.status))
        }
    }

    @Test(arguments: [
        "127.0.0.1:PORT", "localhost:PORT", "LocalHost:PORT", "[::1]:PORT", "photos.example.org",
        "photos.example.org:443",
    ])
    func theOwnNamesAreLetIn(host: String) throws {
        let host = host.replacing("PORT", with: "\(page.port)")
        let response = try page.ask("GET / HTTP/1.1", ["Host: \(host)", "Cookie: \(cookie)"])
        #expect(response.status == 200)
    }

    @Test(arguments: ["http://evil.com/", "//evil.com/", "*", "evil.com:80", "http:"])
    func aTargetThatIsNoPathIsRefused(target: String) throws {
        let response = try page.ask(
            "GET \(target) HTTP/1.1", ["Host: \(page.host)", "Cookie: \(cookie)"])
        #expect([400, 401, 404].contains(response.status), "\(target): \(response.status)")
    }

    @Test(arguments: [
        "null", "http://evil.com", "https://127.0.0.1", "http://localhost:1", "file://", "",
    ])
    func aForeignOriginIsRefused(origin: String) throws {
        for method in ["GET", "HEAD", "POST"] {
            let response = try page.ask(
                "\(method) /metrics HTTP/1.1",
                [
                    "Host: \(page.host)", "Cookie: \(cookie)", "Origin: \(origin)",
                    "X-Vignette-Script: \(page.scriptToken(cookie))",
                    "Content-Type: application/json",
                ])
            #expect(response.status == 403, "\(method) from \(origin): \(response.status)")
        }
    }

    @Test(arguments: ["cross-site", "same-site", "", "nonsense"])
    func aRequestThatTheBrowserCallsForeignIsRefused(site: String) throws {
        let response = try page.get("/", ["Sec-Fetch-Site: \(site)"])
        #expect(response.status == 403)
    }

    @Test func theOwnOriginIsLetIn() throws {
        for headers in [
            [], ["Origin: http://\(page.host)"], ["Sec-Fetch-Site: same-origin"],
            ["Sec-Fetch-Site: none"],
        ] {
            #expect(try page.get("/", headers).status == 200)
        }
    }

    @Test(arguments: methods.filter { !["GET", "HEAD", "POST"].contains($0) })
    func otherMethodsAreNotKnown(method: String) throws {
        let response = try page.ask(
            "\(method) / HTTP/1.1", ["Host: \(page.host)", "Cookie: \(cookie)"])
        #expect([400, 405].contains(response.status))
    }

    @Test(arguments: [
        "/", "/search?q=boat", "/pictures/1", "/pictures/1/similar", "/pictures/1/attention",
        "/clips/1", "/browse",
        "/browse/tags", "/browse/places", "/duplicates", "/duplicates/news",
        "/months", "/status",
        "/status/news", "/metrics", "/suggestions?q=b",
        "/thumbnails/\(String(repeating: "0", count: 64))/small",
        "/anything", "/retry",
    ]) func nothingIsShownToWhoIsNotSignedIn(address: String) throws {
        for cookies in [
            [], ["Cookie: \(page.site.gate.sessions.cookieName)=\(Secret.random())"],
            ["Cookie: \(cookie)x"],
            ["Cookie: \(cookie.dropLast())"], ["Cookie: \(cookie); \(cookie)"], ["Cookie: other=1"],
            ["Cookie: \(page.site.gate.sessions.cookieName)="],
            ["Cookie: \(page.site.gate.sessions.cookieName)=../../catalogue.sqlite"],
        ] {
            let response = try page.ask("GET \(address) HTTP/1.1", ["Host: \(page.host)"] + cookies)
            #expect(response.status == 401, "\(cookies)")
            #expect(!response.text.contains("boat"))
        }
    }

    @Test func nothingIsChangedWithoutTheProofOfOurOwnPage() throws {
        let token = try page.scriptToken(cookie)
        let other = try page.scriptToken(try page.cookie())
        let good = ["Host: \(page.host)", "Cookie: \(cookie)"]
        for (headers, status) in [
            ([], 403), (["X-Vignette-Script: \(token)"], 403),
            (["Content-Type: application/json"], 403),
            (["Content-Type: text/plain", "X-Vignette-Script: \(token)"], 403),
            (
                ["Content-Type: application/x-www-form-urlencoded", "X-Vignette-Script: \(token)"],
                403
            ),
            (["Content-Type: application/json", "X-Vignette-Script: \(other)"], 403),
            (["Content-Type: application/json", "X-Vignette-Script: "], 403),
            (["Content-Type: application/json", "X-Vignette-Script: \(token)"], 200),
        ] {
            let response = try page.ask("POST /retry HTTP/1.1", good + headers, body: "{}")
            #expect(response.status == status, "\(headers)")
        }
    }

    @Test func everyAnswerTellsTheBrowserToTrustNothingElse() throws {
        for address in ["/", "/metrics", "/nothing", "/pictures/1", PageResource.main.address] {
            let response = try page.get(address)
            let policy = response.header("Content-Security-Policy") ?? ""
            #expect(
                policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe"))
            #expect(response.header("X-Content-Type-Options") == "nosniff")
            #expect(response.header("Cross-Origin-Resource-Policy") == "same-origin")
            #expect(response.header("Referrer-Policy") == "same-origin")
            #expect(response.header("Access-Control-Allow-Origin") == nil)
        }
    }
}
