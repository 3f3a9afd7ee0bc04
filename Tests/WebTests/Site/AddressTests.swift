import Catalogue
import WorkQueue
import Digests
import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// Files are found by numbers of the catalogue and by nothing else.
@Suite struct AddressTests {
    private let library: PageLibrary

    init() throws {
        library = try PageLibrary()
        try library.addPicture(1)
    }

    @Test(arguments: [
        "/..", "/../etc/passwd", "/%2e%2e/etc/passwd", "/%2e%2e%2fetc%2fpasswd",
        "/..%2f..%2fetc%2fpasswd",
        "/pictures/..%2f1", "/pictures/1%00", "/pictures/%00", "/pictures/1/..", "/pictures//1",
        "/pictures/-1",
        "/pictures/0x1", "/pictures/1e0", "/pictures/99999999999999999999",
        "/pictures/%31%2f..%2f..",
        "/clips/%252e%252e%252fetc%252fpasswd", "/clips/1", "/clips/..", "/clips//etc/passwd",
        "/thumbnails/..%2f..%2fcatalogue.sqlite/small", "/thumbnails/%2e%2e/small",
        "/thumbnails//small",
        "/thumbnails/\(String(repeating: "0", count: 64))/small",
        "/thumbnails/\(String(repeating: "z", count: 64))/small",
        "/page/../style.css", "/page/x/..%2fmain.js", "/page/x/%2e%2e", "/page/x/nothing.js", "/./",
        "/%ff", "/%",
        "/%0d%0aSet-Cookie:x=1", "/catalogue.sqlite", "/pictures/1/large", "/open", "/pictures/１",
    ]) func whatIsNoAddressLeadsNowhere(address: String) throws {
        let page = try ServedPage(library)
        let response = try page.get(address)
        #expect([400, 401, 404].contains(response.status), "\(response.status)")
        #expect(!response.text.contains("root:") && !response.text.contains("SQLite format"))
        #expect(response.header("Set-Cookie") == nil)
    }

    @Test func aFileThatWasReplacedIsNotShownForTheOneThatIsKnown() throws {
        let clip = try library.add(
            "clip.mp4", Data(repeating: 1, count: 1000), kind: .video, format: "mp4")
        let page = try ServedPage(library)
        #expect(try page.get("/clips/\(clip)").status == 200)
        let path = library.pictures.appending("clip.mp4").string
        try Data(repeating: 2, count: 1001).write(to: URL(filePath: path))
        #expect(try page.get("/clips/\(clip)").status == 404)
    }

    @Test func aLinkOutOfTheFolderIsNotFollowed() throws {
        let clip = try library.add(
            "sub/clip.mp4", Data(repeating: 1, count: 1000), kind: .video, format: "mp4")
        let outside = library.folder.appending("outside")
        try FileManager.default.moveItem(
            atPath: library.pictures.appending("sub").string, toPath: outside.string)
        symlink(outside.string, library.pictures.appending("sub").string)
        let page = try ServedPage(library)
        #expect(try page.get("/clips/\(clip)").status == 404)
    }

    @Test func filesOfAFolderThatIsOfflineAreNotOpened() throws {
        let clip = try library.add(
            "clip.mp4", Data(repeating: 1, count: 1000), kind: .video, format: "mp4")
        try library.catalogue.setOffline(library.root.id, reason: "unplugged")
        let page = try ServedPage(library)
        #expect(try page.get("/clips/\(clip)").status == 404)
        #expect(try page.get("/pictures/\(clip)").status == 200)
    }

    @Test func clipsAreNothingButClipsToABrowser() throws {
        let hostile = Data("<html><script>alert(1)</script></html>".utf8)
        let clip = try library.add("clip.html", hostile, kind: .video, format: "mp4")
        let page = try ServedPage(library)
        let response = try page.get("/clips/\(clip)")
        #expect(response.status == 200)
        #expect(response.header("Content-Type") == "video/mp4")
        #expect(response.header("X-Content-Type-Options") == "nosniff")
        let unknown = try library.add("clip.svg", Data("<svg/>".utf8), kind: .video, format: "svg")
        #expect(try page.get("/clips/\(unknown)").status == 404)
        #expect(try page.get("/clips/1").status == 404)
    }

    @Test func clipsComeInParts() throws {
        let bytes = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) })
        let clip = try library.add("clip.mp4", bytes, kind: .video, format: "mp4")
        let page = try ServedPage(library)
        let whole = try page.get("/clips/\(clip)")
        #expect(whole.body == Array(bytes))
        #expect(whole.header("Accept-Ranges") == "bytes")
        let part = try page.get("/clips/\(clip)", ["Range: bytes=1000-200999"])
        #expect(part.status == 206)
        #expect(part.header("Content-Range") == "bytes 1000-200999/300000")
        #expect(part.body == Array(bytes[1000..<201_000]))
        let beyond = try page.get("/clips/\(clip)", ["Range: bytes=300000-"])
        #expect(beyond.status == 416)
        #expect(beyond.header("Content-Range") == "bytes */300000")
        let head = try page.ask(
            "HEAD /clips/\(clip) HTTP/1.1", ["Host: \(page.host)", "Cookie: \(page.cookie())"])
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.header("Content-Length") == "300000")
    }
}
