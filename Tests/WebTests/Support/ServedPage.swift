import Catalogue
import Daemon
import Foundation
import Logging
import MediaDecoding
import NIOHTTP1
import SystemPackage
import TestSupport

@testable import Web

/// A page that is served while a test runs, and somebody who is let in.
final class ServedPage: Sendable {
    let library: PageLibrary
    let site: Site
    private let server: WebServer

    init(
        _ library: PageLibrary, limits: ServerLimits = ServerLimits(), names: [String] = [],
        cacheBytes: Int64 = 1 << 30, model: FilePath? = nil
    ) throws {
        self.library = library
        let paths = StandardPaths(environment: [
            "HOME": library.folder.string, "XDG_CACHE_HOME": library.cache.string,
        ])
        var settings = PageSettings(
            try SettingsLoader(environment: ["HOME": library.folder.string]).load(), paths: paths,
            decoder: try BuildProducts.program("vignette-decoder"), address: .standard,
            names: names,
            cacheBytes: cacheBytes)
        settings.catalogue = library.catalogue.path
        settings.model = model?.string ?? "none-of-that-name"
        site = try Site(settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        guard let address = ListenAddress("127.0.0.1:0") else { throw Errno.invalidArgument }
        server = try WebServer(at: .address(address), site, limits: limits)
    }

    deinit {
        server.stop()
        try? server.wait()
    }

    var port: Int { server.port }
    var host: String { "127.0.0.1:\(port)" }

    /// The cookie of somebody who was let in.
    func cookie() throws -> String {
        let cookie = try site.gate.sessions.begin()
            .cookie(named: site.gate.sessions.cookieName, isSecure: false)
        return String(cookie.prefix { $0 != ";" })
    }

    /// What a page with this cookie proves itself with.
    func scriptToken(_ cookie: String) throws -> String {
        guard let session = Session(cookies: [cookie], site.gate.sessions) else {
            throw Errno.permissionDenied
        }
        return session.scriptToken
    }

    /// Sends a request as somebody who was let in.
    func get(_ target: String, _ headers: [String] = []) throws -> RawResponse {
        try ask("GET \(target) HTTP/1.1", ["Host: \(host)", "Cookie: \(cookie())"] + headers)
    }

    /// Sends a request with exactly these lines, and a body.
    func ask(_ line: String, _ headers: [String], body: String = "") throws -> RawResponse {
        let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"]
        let head = ([line] + headers + length + ["Connection: close"]).joined(separator: "\r\n")
        return try RawClient.exchange(port, Array("\(head)\r\n\r\n\(body)".utf8))
    }
}
