import Catalogue
import Foundation
import Glibc
import NIOHTTP1
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// The ways in: links that are good once, and the password.
@Suite struct SignInTests {
    private let library: PageLibrary
    private let page: ServedPage
    private var folder: PageFolder { PageFolder(of: library.catalogue.path) }

    init() throws {
        library = try PageLibrary()
        page = try ServedPage(library)
    }

    private func open(_ token: String, _ method: String = "GET") throws -> RawResponse {
        try page.ask("\(method) /open?token=\(token) HTTP/1.1", ["Host: \(page.host)"])
    }

    @Test func aLinkLetsABrowserInOnce() throws {
        let token = try OneTimeTokens(folder).make()
        let response = try open(token)
        #expect(response.status == 303)
        #expect(response.header("Location") == "/")
        let cookie = try #require(response.header("Set-Cookie"))
        for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
            #expect(cookie.contains("; \(part)"))
        }
        let page = try page.ask(
            "GET / HTTP/1.1", ["Host: \(page.host)", "Cookie: \(cookie.prefix { $0 != ";" })"])
        #expect(page.status == 200)
        let again = try open(token)
        #expect(again.status == 401)
        #expect(again.header("Set-Cookie") == nil)
    }

    @Test func lookingAtALinkDoesNotUseIt() throws {
        let token = try OneTimeTokens(folder).make()
        #expect(try open(token, "HEAD").status == 401)
        #expect(try open(token).status == 303)
    }

    @Test func aLinkIsGoodForFiveMinutes() throws {
        let tokens = OneTimeTokens(folder)
        let (first, second) = (try tokens.make(), try tokens.make())
        #expect(tokens.take(first, at: Date() + 299))
        #expect(!tokens.take(second, at: Date() + 301))
        #expect(!tokens.take(second))
    }

    @Test(arguments: [
        "", "x", "..%2f..%2fcatalogue.sqlite", "%00", String(repeating: "a", count: 64),
        String(repeating: "%2e", count: 64), "../tokens",
    ]) func aTokenThatNobodyMadeIsNone(token: String) throws {
        _ = try OneTimeTokens(folder).make()
        let response = try open(token)
        #expect([400, 401].contains(response.status))
        #expect(response.header("Set-Cookie") == nil)
    }

    @Test func oneOfManyWhoUseALinkAtOnceIsLetIn() async throws {
        let token = try OneTimeTokens(folder).make()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 {
                group.addTask { try await onThread { try self.open(token).status } }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 303 } == 1)
    }

    @Test func secretsAreKeptAsDigestsForTheOwnerAlone() throws {
        let token = try OneTimeTokens(folder).make()
        let cookie = try page.cookie()
        let secret = try #require(cookie.split(separator: "=").last)
        for folder in [folder.path, folder.tokens, folder.sessions] {
            var status = stat()
            #expect(stat(folder.string, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o700)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.string)
            #expect(!names.contains(token) && !names.contains(String(secret)))
        }
    }

    @Test func sessionsLastOverRestartsAndEndAfterAMonth() throws {
        let cookie = try page.cookie()
        let sessions = try SessionStore(folder)
        let session = try #require(Session(cookies: [cookie], sessions))
        #expect(sessions.contains(session.digest, at: Date() + 29 * 86400))
        #expect(!sessions.contains(session.digest, at: Date() + 31 * 86400))
    }

    @Test func theOldestSessionMakesRoom() throws {
        let sessions = try SessionStore(folder)
        let all = try (0..<SessionStore.bound + 3).map { _ in try sessions.begin() }
        let alive = all.count { sessions.contains($0.digest) }
        #expect(alive == SessionStore.bound)
    }

    @Test func whoSignsOutIsOut() throws {
        let cookie = try page.cookie()
        let own = ["Host: \(page.host)", "Cookie: \(cookie)"]
        let response = try page.ask(
            "POST /sign-out HTTP/1.1",
            own + [
                "Content-Type: application/json", "X-Vignette-Script: \(page.scriptToken(cookie))",
            ])
        #expect(response.status == 204)
        #expect(try page.ask("GET / HTTP/1.1", own).status == 401)
    }

    // MARK: The password

    private func signIn(_ password: String, origin: String? = nil) throws -> RawResponse {
        try page.ask(
            "POST /sign-in HTTP/1.1",
            [
                "Host: \(page.host)", "Content-Type: application/x-www-form-urlencoded",
                "Origin: \(origin ?? "http://\(page.host)")",
            ], body: "password=\(password)")
    }

    @Test func thePasswordLetsIn() throws {
        #expect(try !page.ask("GET / HTTP/1.1", ["Host: \(page.host)"]).text.contains("<form"))
        #expect(try signIn("correct+horse").status == 401)
        try Password(folder).set("correct horse")
        #expect(try page.ask("GET / HTTP/1.1", ["Host: \(page.host)"]).text.contains("<form"))
        let response = try signIn("correct+horse")
        #expect(response.status == 303)
        #expect(response.header("Set-Cookie") != nil)
    }

    @Test func aForeignPageCannotSignAnybodyIn() throws {
        try Password(folder).set("correct horse")
        #expect(try signIn("correct+horse", origin: "http://evil.com").status == 403)
    }

    @Test func wrongPasswordsMakeTheNextAttemptWait() throws {
        try Password(folder).set("correct horse")
        #expect(try signIn("wrong+horses").status == 401)
        #expect(try signIn("correct+horse").status == 429)
    }

    @Test(
        arguments: [
            ("127.0.0.1", "10.0.0.7", "10.0.0.7"), ("127.0.0.1", "6.6.6.6, 10.0.0.7", "10.0.0.7"),
            ("127.0.0.1", nil, "127.0.0.1"), ("10.0.0.9", "10.0.0.7", "10.0.0.9"),
        ] as [(String, String?, String)])
    func clientsBehindAKnownProxyAloneAreToldApartByItsWord(
        peer: String, forwarded: String?, client: String
    ) throws {
        var signIn = page.site.signIn
        signIn.proxies = ["127.0.0.1"]
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/sign-in")
        if let forwarded { head.headers.add(name: "X-Forwarded-For", value: forwarded) }
        #expect(signIn.client(try #require(WebRequest(head, peer: peer))) == client)
    }

    @Test func aNewPasswordSignsEverybodyOut() throws {
        let cookie = try page.cookie()
        try Password(folder).set("correct horse")
        let response = try page.ask("GET / HTTP/1.1", ["Host: \(page.host)", "Cookie: \(cookie)"])
        #expect(response.status == 401)
    }

    @Test func thePasswordIsKeptAsASlowHash() throws {
        try Password(folder).set("correct horse")
        let first = try String(contentsOfFile: folder.password.string, encoding: .utf8)
        try Password(folder).set("correct horse")
        let second = try String(contentsOfFile: folder.password.string, encoding: .utf8)
        #expect(first.hasPrefix("scrypt ") && !first.contains("correct"))
        #expect(first != second)
        #expect(Password(folder).isRight("correct horse"))
        #expect(!Password(folder).isRight("correct horses"))
    }
}
