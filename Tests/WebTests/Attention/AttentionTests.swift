import Captioning
import Catalogue
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// What the one token looked at, over the wire.
@Suite struct AttentionTests {
    private let fox: FoxLibrary
    private var library: PageLibrary { fox.library }
    private var picture: Int64 { fox.picture }

    init() throws { fox = try FoxLibrary() }

    private func page() throws -> ServedPage { try fox.page() }

    @Test func aMapAndTheSameInWordsAreShown() throws {
        let page = try page()
        let response = try page.get("/pictures/\(picture)/attention")
        #expect(response.status == 200)
        #expect(response.text.contains("It looked most at the "))
        let squares = response.text.matches(of: #/<rect x="[-0-9.]+" y=/#).count
        #expect(squares > 10)
        // Whoever asks again is answered by what is known.
        let identity = try #require(try library.catalogue.picture(picture)).asset.facts.identity
        let look = try #require(page.site.attention.known(identity))
        #expect(look.model == "demo" && look.attention.areas.count >= squares)
        let part = try page.get("/pictures/\(picture)/attention?part=1&head=1").text
        #expect(
            part.hasPrefix("<div id=\"attention\"")
                && part.contains("aria-current=\"true\">Head 1<"))
        for head in ["0", "-1", "99", "x"] {
            #expect(try page.get("/pictures/\(picture)/attention?head=\(head)").status == 200)
        }
    }

    @Test func whereThereIsNoModelThatIsSaid() throws {
        let page = try ServedPage(library)
        let response = try page.get("/pictures/\(picture)/attention?part=1")
        #expect(response.status == 200)
        #expect(response.text.contains("There is no model"))
    }

    @Test func aFileThatIsAnotherOneIsNotLookedAt() throws {
        let page = try page()
        try Data([1, 2, 3]).write(to: URL(filePath: library.pictures.appending("fox.jpg").string))
        let response = try page.get("/pictures/\(picture)/attention?part=1")
        #expect(response.text.contains("is another one"))
    }

    @Test func clipsAndWhatIsNotThereHaveNone() throws {
        let clip = try library.add("c.mp4", Data([1]), kind: .video, format: "mp4")
        let page = try page()
        for asset in ["\(clip)", "99", "x", "-1"] {
            #expect(try page.get("/pictures/\(asset)/attention").status == 404)
        }
    }
}
