import Catalogue
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// What holds of pages in Chromium, at a desk and on a phone.
@Suite(
    .serialized, .enabled(Browser.isMissing) { WebDriver.program != nil }, .timeLimit(.minutes(10)))
struct BrowserTests {
    @Test func theStateOfTheWorkIsLive() async throws {
        try await Browser.inWindow((1280, 800)) { driver, page in
            try await driver.open("http://\(page.host)/status")
            let files = "Number(document.querySelector('td')?.textContent)"
            try await driver.wait(for: "\(files) > 0")
            let before = try await driver.value(files)
            try page.library.addPicture(1000)
            try await driver.wait(for: "\(files) === \(before) + 1")
        }
    }

    @Test func whoSignsOutIsAskedToSignIn() async throws {
        try await Browser.inWindow((1280, 800)) { driver, page in
            try await driver.open("http://\(page.host)/status")
            try await driver.click("[data-post='/sign-out']")
            try await driver.wait(
                for: "document.querySelector('h1').textContent.includes('private')")
            _ = try await driver.complaints()
        }
    }

    @Test(arguments: Browser.sizes) func nothingIsWiderThanTheWindow(width: Int, height: Int)
        async throws
    {
        try await Browser.inWindow((width, height)) { driver, page in
            for address in ["/", "/search?q=boat", "/pictures/1", "/browse", "/status", "/months"] {
                try await driver.open("http://\(page.host)\(address)")
                let isWider = try await driver.value(
                    "document.documentElement.scrollWidth > innerWidth")
                #expect(isWider == "false", "\(address)")
            }
        }
    }

    /// What a screen reader needs, of what can be told by looking at the markup.
    @Test func everyPageHasNamesForWhatIsInIt() async throws {
        let checks = """
            [...document.querySelectorAll('img')].filter((e) => !e.hasAttribute('alt')).length
            + [...document.querySelectorAll('a, button')].filter((e) => !e.textContent.trim()
                && !e.ariaLabel && !e.querySelector('img[alt]:not([alt=""])')).length
            + [...document.querySelectorAll('input, video, nav')].filter((e) => !e.ariaLabel && !e.labels?.length).length
            + (document.querySelectorAll('main').length === 1 ? 0 : 1) + (document.querySelectorAll('h1').length === 1 ? 0 : 1)
            + (document.documentElement.lang ? 0 : 1) + (document.title ? 0 : 1)
            """
        try await Browser.inWindow((1280, 800)) { driver, page in
            for address in [
                "/", "/search?q=boat", "/pictures/1", "/pictures/301", "/browse", "/status",
                "/months",
            ] {
                try await driver.open("http://\(page.host)\(address)")
                #expect(try await driver.value(checks) == "0", "\(address)")
            }
        }
    }
}
