import Catalogue
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// Every view against the rules in `accessibility.js`, at a desk and on a phone, in light and dark colours.
@Suite(
    .serialized, .enabled(Browser.isMissing) { WebDriver.program != nil }, .timeLimit(.minutes(10)))
struct AccessibilityTests {
    struct Look: Sendable, CustomTestStringConvertible {
        var width: Int
        var height: Int
        var isDark: Bool

        var testDescription: String { "\(width) × \(height), \(isDark ? "dark" : "light")" }
    }

    static let looks = Browser.sizes.flatMap { size in
        [false, true].map { Look(width: size.0, height: size.1, isDark: $0) }
    }

    private static let library = Result { try Browser.keptToTheEnd(makeLibrary()) }

    /// A library in which every view has something of everything.
    private static func makeLibrary() throws -> PageLibrary {
        let library = try PageLibrary()
        for number in 1...12 {
            try library.addPicture(
                number, takenAt: "20\(10 + number)-05-01T10:00:00", width: 120, height: 80,
                place: (Double(number), 2), camera: "NIKON Z \(number)")
        }
        try library.addPicture(13, caption: "a lighthouse", width: 80, height: 120)
        let clip = BuildProducts.checkout.appending("Samples/castle-rainbow.mp4").string
        try library.add(
            "trips/clip.mp4", Data(contentsOf: URL(filePath: clip)), caption: "a castle",
            kind: .video, format: "mp4", size: (336, 336), stretches: ["a castle", "a rainbow"])
        try library.addFailure("broken.jpg", reason: "this is no picture")
        try library.catalogue.note(HelpersTests.help, adding: HelpersTests.counts)
        return library
    }

    private static let views = [
        "/", "/?at=2020", "/search?q=boat", "/search?q=rating:x", "/search?q=nothingatall",
        "/pictures/1", "/pictures/14?q=rainbow", "/pictures/1/similar", "/pictures/1/attention",
        "/browse", "/browse/tags",
        "/browse/places", "/months", "/duplicates?kind=same", "/status", "/nowhere",
    ]

    @Test(arguments: looks) func noRuleIsBroken(look: Look) async throws {
        let rules = try String(
            contentsOfFile: BuildProducts.checkout.appending(
                "Tests/WebTests/Browser/accessibility.js"
            ).string, encoding: .utf8)
        let library = try Self.library.get()
        try await Browser.inWindow(
            (look.width, look.height), library, isDark: look.isDark,
            model: BuildProducts.checkout.appending("Models/demo")
        ) {
            driver, page in
            page.site.duplicates.keep(
                .init(
                    groups: [.same: [[.init(asset: 1), .init(asset: 2, score: 0.9)]]],
                    moment: Date()))
            for view in Self.views {
                try await driver.open("http://\(page.host)\(view)")
                try await driver.wait(
                    for:
                        "!document.querySelector('.rail') || document.querySelector('.rail .years')"
                )
                let problems = try await driver.result(of: rules)
                #expect(problems.isEmpty, "\(view)")
            }
            // What opens within a picture's page.
            try await driver.open("http://\(page.host)/pictures/1")
            try await driver.wait(for: "document.documentElement.matches('.has-script')")
            try await driver.press("h")
            try await driver.wait(for: "document.querySelector('.looked svg')")
            try await driver.press("e")
            try await driver.wait(for: "document.querySelector('.edit:not([hidden])')")
            #expect(try await driver.result(of: rules).isEmpty, "the form and the map")
            try await driver.press(WebDriver.Key.escape)
            // What opens above a page, and what who is not let in sees.
            try await driver.press("?")
            try await driver.wait(for: "document.querySelector('dialog[open]')")
            #expect(try await driver.result(of: rules).isEmpty, "the keys")
            try await driver.forgetCookies()
            try Password(PageFolder(of: library.catalogue.path)).set("correct horse")
            try await driver.open("http://\(page.host)/")
            #expect(try await driver.result(of: rules).isEmpty, "the way in")
            _ = try await driver.complaints()
        }
    }
}
