import Catalogue
import SystemPackage
import WorkQueue
import Foundation
import TestSupport
import Testing

@testable import Web

/// Texts of files, names and queries are shown as they are, and never are part of the page.
@Suite struct EscapingTests {
    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
        "</title><script>x</script>", "&lt;script&gt;", "<!--", "]]>", "javascript:alert(1)",
        "\u{202E}gpj.exe",
        "a\u{0}b", "{{7*7}}", "<svg/onload=alert(1)>", "</textarea>", "&#60;b&#62;",
    ]

    /// What would stand in a page if a text had got into its markup.
    private func hasMarkup(_ page: String) -> Bool {
        let foreign = #/<(script(?! type="module" src="/page/)|svg|img src=x|b>|!--)|onmouseover='/#
        return page.firstMatch(of: foreign) != nil
    }

    @Test(arguments: hostile) func textsOfFilesAreEscaped(text: String) throws {
        let library = try PageLibrary()
        let name = text.replacing("/", with: "_").replacing("\u{0}", with: "_")
        let still = try library.add(
            FilePath("\(name).png"), PictureFactory.png(1), caption: text, tags: [.init(text)],
            takenAt: "2024-05-01T10:00:00")
        let clip = try library.add(
            FilePath("\(name)/c.mp4"), Data(repeating: 1, count: 50), caption: text, kind: .video,
            format: "mp4",
            stretches: [text, text])
        try library.catalogue.note(machine(text), adding: HelpCounts())
        let page = try ServedPage(library)
        for address in [
            "/", "/pictures/\(still)", "/pictures/\(clip)", "/browse", "/status", "/search?q=",
            "/months",
        ] {
            let response = try page.get(address)
            #expect(response.status == 200, "\(address)")
            #expect(!hasMarkup(response.text), "\(address)")
            #expect(!response.text.contains("\u{202E}") && !response.body.contains(0))
        }
    }

    /// A machine that says of itself what it likes.
    private func machine(_ text: String) -> HelpFromOthers {
        var help = HelpFromOthers()
        help.place = text
        help.helpers = [Helper.State.working, .paused].map {
            Helper(
                name: text, state: $0, isAble: true, doing: text, program: text, done: 1, failed: 1,
                secondsEach: 1, lastWord: Date())
        }
        return help
    }

    @Test(arguments: hostile) func queriesAreEscaped(text: String) throws {
        let library = try PageLibrary()
        try library.addPicture(1)
        let page = try ServedPage(library)
        let query = try #require(text.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        for address in [
            "/search?q=\(query)", "/search?q=boat&after=\(query)", "/?at=\(query)",
            "/?after=\(query)",
            "/suggestions?q=\(query)", "/pictures/1?q=\(query)", "/\(query)",
        ] {
            let response = try page.get(address)
            #expect(
                [200, 400, 404, 503].contains(response.status), "\(address): \(response.status)")
            #expect(!hasMarkup(response.text), "\(address)")
        }
    }
}
