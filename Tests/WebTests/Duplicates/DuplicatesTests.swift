import Foundation
import Imaging
import Likeness
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// Copies and bursts over the wire.
@Suite struct DuplicatesTests {
    /// A drawn picture, perhaps reduced to half: another file, and the same picture.
    private static func image(_ number: Int, isHalf: Bool = false) -> RGBImage {
        let whole = RGBImage(
            width: 320, height: 240, pixels: PictureFactory.pixels(number, width: 320, height: 240))
        return isHalf ? whole.resized(width: 160, height: 120) : whole
    }

    static func library() throws -> PageLibrary {
        let library = try PageLibrary()
        for (name, number, isHalf) in [
            ("lake.bmp", 1, false), ("lake-small.bmp", 1, true), ("castle.bmp", 2, false),
        ] {
            let image = image(number, isHalf: isHalf)
            try library.add(
                FilePath(name),
                PictureFactory.bitmap(image.pixels, width: image.width, height: image.height),
                caption: "picture \(number)", format: "bmp", size: (image.width, image.height),
                signature: PictureSignature(image))
        }
        return library
    }

    private func post(_ page: ServedPage) throws -> RawResponse {
        let cookie = try page.cookie()
        return try page.ask(
            "POST /duplicates HTTP/1.1",
            [
                "Host: \(page.host)", "Cookie: \(cookie)", "Content-Type: application/json",
                "X-Vignette-Script: \(page.scriptToken(cookie))",
            ], body: "{}")
    }

    @Test func aCopyOfAnotherSizeStandsBesideItsOriginal() async throws {
        let page = try ServedPage(Self.library())
        #expect(try page.get("/duplicates").text.contains("Look for them"))
        #expect(try post(page).status == 200)
        try await eventually("they were looked for") { page.site.duplicates.state.found != nil }
        let text = try page.get("/duplicates?kind=same").text
        let (first, second) = (text.range(of: "lake.bmp"), text.range(of: "lake-small.bmp"))
        // The largest comes first.
        #expect(try #require(first).lowerBound < #require(second).lowerBound)
        #expect(text.contains("BMP, 320 × 240") && text.contains("BMP, 160 × 120"))
        #expect(!text.contains("castle.bmp"))
        #expect(try page.get("/duplicates?kind=burst").text.contains("There are none"))
    }

    @Test func nothingIsLookedForUntilSomebodyAsks() throws {
        let page = try ServedPage(Self.library())
        _ = try page.get("/duplicates")
        guard case .nothing = page.site.duplicates.state.look else {
            Issue.record("a look goes on")
            return
        }
    }

    @Test func groupsComeInParts() throws {
        let page = try ServedPage(Self.library())
        let found = DuplicatesDesk.Found(
            groups: [.same: (0..<60).map { _ in [.init(asset: 1), .init(asset: 2)] }],
            moment: Date())
        page.site.duplicates.keep(found)
        let text = try page.get("/duplicates?kind=same").text
        #expect(text.contains("data-older=\"/duplicates?kind=same&amp;from=24&amp;part=1\""))
        let last = try page.get("/duplicates?kind=same&from=48&part=1").text
        #expect(last.matches(of: #/<section/#).count == 12 && !last.contains("data-older"))
        for place in ["-1", "99999999", "x"] {
            #expect(try page.get("/duplicates?kind=same&from=\(place)").status == 200)
        }
    }

    @Test func whatIsGoneSinceIsLeftOut() throws {
        let library = try Self.library()
        let page = try ServedPage(library)
        page.site.duplicates.keep(
            .init(groups: [.same: [[.init(asset: 1), .init(asset: 99)]]], moment: Date()))
        #expect(try !page.get("/duplicates?kind=same").text.contains("lake.bmp"))
    }
}
