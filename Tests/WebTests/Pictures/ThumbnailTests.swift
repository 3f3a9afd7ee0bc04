import SystemPackage
import Catalogue
import Digests
import Foundation
import TestSupport
import Testing

@testable import Web

/// Small pictures over the wire: made once, kept, and gone with what they show.
@Suite struct ThumbnailTests {
    private func address(_ number: Int, _ size: String = "small", width: Int = 16, height: Int = 12)
        -> String
    {
        let identity = MessageDigest.hash(PictureFactory.png(number, width: width, height: height))
        return "/thumbnails/\(identity.hexadecimal)/\(size)"
    }

    private func kept(_ library: PageLibrary) -> [String] {
        let files = FileManager.default.enumerator(atPath: library.cache.string)
        return (files?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".jpg") }
    }

    @Test func aPictureIsMadeOnceAndKept() throws {
        let library = try PageLibrary()
        try library.addPicture(1, width: 600, height: 400)
        let page = try ServedPage(library)
        let address = address(1, width: 600, height: 400)
        let first = try page.get(address)
        #expect(first.status == 200)
        #expect(first.header("Content-Type") == "image/jpeg")
        #expect(first.header("Cache-Control")?.contains("immutable") == true)
        #expect(first.body.starts(with: [0xFF, 0xD8, 0xFF]))
        #expect(kept(library).count == 1)
        #expect(try page.get(address).body == first.body)
        #expect(try page.get("\(address.dropLast(5))large").body.count > first.body.count)
    }

    @Test func whatTheLibraryHasNoMoreIsNotShown() throws {
        let library = try PageLibrary()
        try library.addPicture(1)
        let page = try ServedPage(library)
        #expect(try page.get(address(1)).status == 200)
        try library.catalogue.setOffline(library.root.id, reason: "unplugged")
        #expect(try page.get(address(1)).status == 404)
    }

    @Test func anotherPictureInTheSamePlaceIsNotShownForIt() throws {
        let library = try PageLibrary()
        try library.addPicture(1)
        let path = library.pictures.appending("1.png").string
        try PictureFactory.png(2, width: 40, height: 30).write(to: URL(filePath: path))
        let page = try ServedPage(library)
        #expect(try page.get(address(1)).status == 404)
        #expect(kept(library).isEmpty)
    }

    @Test func whatCannotBeDecodedIsNotFound() throws {
        let library = try PageLibrary()
        let broken = Data("not a picture".utf8)
        try library.add("broken.png", broken)
        let page = try ServedPage(library)
        let response = try page.get("/thumbnails/\(MessageDigest.hash(broken).hexadecimal)/small")
        #expect(response.status == 404)
    }

    @Test func manyAreMadeAtOnce() async throws {
        let library = try PageLibrary()
        for number in 1...40 { try library.addPicture(number) }
        let page = try ServedPage(library)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...40 {
                let address = address(number)
                group.addTask { try await onThread { try page.get(address).status } }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.allSatisfy { $0 == 200 })
        #expect(kept(library).count == 40)
    }
}
