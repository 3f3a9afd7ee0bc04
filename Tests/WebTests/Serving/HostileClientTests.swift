import Catalogue
import SystemPackage
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import Web

/// Clients that send too much, too slowly, or do not read.
@Suite struct HostileClientTests {
    private func page(_ change: (inout ServerLimits) -> Void = { _ in }) throws -> ServedPage {
        var limits = ServerLimits()
        change(&limits)
        let library = try PageLibrary()
        try library.add(
            "long.mp4", Data(repeating: 7, count: 32 << 20), kind: .video, format: "mp4")
        return try ServedPage(library, limits: limits)
    }

    @Test func hugeHeadsAreRefused() throws {
        let page = try page()
        for headers in [
            ["X-Long: \(String(repeating: "a", count: 100_000))"],
            (0..<2000).map { "X-\($0): 1" },
        ] {
            let response = try page.ask("GET / HTTP/1.1", ["Host: \(page.host)"] + headers)
            #expect([0, 400, 431].contains(response.status))
        }
        let long = try page.ask(
            "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1", ["Host: \(page.host)"])
        #expect([0, 400, 401, 414, 431].contains(long.status))
        #expect(try page.get("/").status == 200)
    }

    @Test func hugeBodiesAreRefused() throws {
        let page = try page()
        let response = try page.ask(
            "POST /sign-in HTTP/1.1", ["Host: \(page.host)"],
            body: String(repeating: "a", count: 4 << 20))
        #expect([0, 413].contains(response.status))
        #expect(try page.get("/").status == 200)
    }

    @Test(arguments: [
        "POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST /sign-in HTTP/1.1\r\nHost: HOST\r\nContent-Length: -1\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost : HOST\r\n\r\n", "GET / HTTP/9.9\r\nHost: HOST\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
        "GET / HTTP/1.1\nHost: HOST\r\n Folded: 1\r\n\r\n",
    ]) func whatIsNotHTTPIsRefused(request: String) throws {
        let page = try page()
        let bytes = Array(request.replacing("HOST", with: page.host).utf8)
        let response = try RawClient.exchange(page.port, bytes)
        #expect([0, 400, 401, 413, 421, 505].contains(response.status))
    }

    @Test func twoHundredSlowClientsKeepNobodyOut() async throws {
        let page = try page { $0.headTime = .seconds(2) }
        let slow = try (0..<200).map { _ in try RawClient(page.port) }
        for client in slow { client.send(Array("GET / HT".utf8)) }
        let status = try await onThread { try page.get("/").status }
        #expect(status == 200)
        for client in slow { #expect(client.isClosed()) }
    }

    @Test func whoDoesNotEndItsBodyIsLeft() throws {
        let page = try page { $0.bodyTime = .milliseconds(300) }
        let client = try RawClient(page.port)
        client.send(
            Array(
                "POST /sign-in HTTP/1.1\r\nHost: \(page.host)\r\nContent-Length: 10\r\n\r\nabc".utf8
            ))
        #expect(client.isClosed())
    }

    @Test func whoDoesNotReadIsLeft() throws {
        let page = try page { $0.chunkTime = .milliseconds(300) }
        let cookie = try page.cookie()
        let client = try RawClient(page.port)
        client.send(
            Array("GET /clips/1 HTTP/1.1\r\nHost: \(page.host)\r\nCookie: \(cookie)\r\n\r\n".utf8))
        // Long enough for the server's patience, however slow the machine is: it is looked at again and again.
        Thread.sleep(forTimeInterval: 1.5)
        #expect(client.receive().count < 32 << 20)
    }

    @Test func moreConnectionsThanAllowedAreClosed() throws {
        let page = try page { $0.connections = 4 }
        let held = try (0..<4).map { _ in try RawClient(page.port) }
        let fifth = try RawClient(page.port)
        #expect(fifth.isClosed())
        withExtendedLifetime(held) {}
    }

    @Test func requestsBehindEachOtherAreAnsweredInOrder() throws {
        let page = try page()
        let cookie = try page.cookie()
        let one = { (target: String, last: Bool) in
            "GET \(target) HTTP/1.1\r\nHost: \(page.host)\r\nCookie: \(cookie)\r\n"
                + (last ? "Connection: close\r\n" : "") + "\r\n"
        }
        let requests = one("/browse", false) + one("/nothing", false) + one("/metrics", true)
        let response = try RawClient.exchange(page.port, Array(requests.utf8))
        let text = String(decoding: response.bytes, as: UTF8.self)
        let statuses = text.matches(of: #/HTTP/1.1 (\d+)/#).map { String($0.1) }
        #expect(statuses == ["200", "404", "200"])
    }
}
