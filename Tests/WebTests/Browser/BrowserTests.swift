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

    @Test func machinesThatHelpAreListedAsTheyComeAndGo() async throws {
        let library = try PageLibrary()
        try library.addPicture(1)
        try await Browser.inWindow((1280, 800), library) { driver, page in
            try await driver.open("http://\(page.host)/status")
            let machines = "document.querySelector(\"[aria-label='Other machines']\")"
            try await driver.wait(for: "document.querySelector('td') && !\(machines)")
            try library.catalogue.note(HelpersTests.help, adding: HelpersTests.counts)
            try await driver.wait(
                for: "\(machines)?.querySelector('th[scope=row]').textContent === 'attic'")
            try await driver.wait(for: "\(machines).textContent.includes('describing 3')")
            var gone = HelpersTests.help
            gone.helpers.removeFirst()
            try library.catalogue.note(gone, adding: HelpCounts())
            try await driver.wait(
                for: "\(machines).querySelector('th[scope=row]').textContent === 'cellar'")
            try library.catalogue.note(HelpFromOthers(), adding: HelpCounts())
            try await driver.wait(for: "!\(machines)")
        }
    }

    @Test func whatIsFarAwayIsForgottenAndComesAgain() async throws {
        try await Browser.inWindow((360, 740)) { driver, _ in
            let first = "document.querySelector('.run')"
            let before = try await driver.value("\(first).querySelectorAll('.grid a').length")
            for count in 2...3 {
                try await driver.press(WebDriver.Key.end)
                try await driver.wait(for: "document.querySelectorAll('.run').length >= \(count)")
            }
            try await driver.press(WebDriver.Key.end)
            try await driver.wait(
                for: "\(first).children.length === 0 && \(first).offsetHeight > 1000")
            // What still comes in below may move the page once more.
            try await eventually("its beginning is there again", within: .seconds(120)) {
                try await driver.press(WebDriver.Key.home)
                return try await driver.value("\(first).querySelectorAll('.grid a').length")
                    == before
            }
            try await driver.wait(
                for: "document.querySelector('h2').textContent === 'January 2025'")
            try await driver.wait(for: "document.querySelector('.grid img').naturalWidth > 0")
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

    /// What stands in a picture's place while it is not there.
    @Test(arguments: Browser.sizes) func noPlaceOfAPictureIsEmpty(width: Int, height: Int)
        async throws
    {
        try await Browser.inWindow((width, height)) { driver, page in
            try await driver.block("*/thumbnails/*")
            try await driver.open("http://\(page.host)/?at=2023")
            let tinted = """
                [...document.querySelectorAll('.grid > li[data-place] > a')].filter((link) =>
                    ['', '::before', '::after'].every((part) =>
                        getComputedStyle(link, part || null).backgroundImage.startsWith('linear-gradient'))).length
                """
            try await driver.wait(
                for: "\(tinted) === document.querySelectorAll('.grid > li[data-place]').length")
            _ = try await driver.complaints()
        }
    }
}
