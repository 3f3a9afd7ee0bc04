import Catalogue
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// The page as people use it, in Chromium, at a desk and on a phone.
@Suite(
    .serialized,
    .enabled("chromium-driver is installed (apt-get install chromium chromium-driver)") {
        WebDriver.program != nil
    },
    .timeLimit(.minutes(10))
) struct BrowserTests {
    /// Sizes of windows.
    static let sizes = [(1280, 800), (360, 740)]

    /// What all tests look at; one of them adds to it.
    private static let shared = Result { try library() }

    /// A library of some hundred drawn pictures over three years, and a clip.
    private static func library() throws -> PageLibrary {
        let library = try PageLibrary()
        for number in 0..<300 {
            let month = number / 10 % 12 + 1
            let moment =
                "\(2024 - number / 120)-\(month < 10 ? "0" : "")\(month)-\(10 + number % 10)T10:00:00"
            try library.addPicture(
                number,
                caption: number.isMultiple(of: 25) ? "a lighthouse \(number)" : "a boat \(number)",
                takenAt: moment, width: number.isMultiple(of: 3) ? 80 : 120,
                height: number.isMultiple(of: 3) ? 120 : 80)
        }
        let clip = BuildProducts.checkout.appending("Samples/castle-rainbow.mp4").string
        try library.add(
            "clip.mp4", Data(contentsOf: URL(filePath: clip)), caption: "a castle and a rainbow",
            takenAt: "2025-01-01T10:00:00", kind: .video, format: "mp4", size: (336, 336),
            stretches: ["a castle", "a rainbow"])
        return library
    }

    /// Runs a flow in a window that was let in.
    private func inWindow(
        _ size: (Int, Int), _ flow: (WebDriver, ServedPage) async throws -> Void
    ) async throws {
        let page = try ServedPage(Self.shared.get())
        let driver = try await WebDriver(width: size.0, height: size.1, isDark: size.0 < 600)
        let token = try OneTimeTokens(PageFolder(of: page.library.catalogue.path)).make()
        try await driver.open("http://\(page.host)/open?token=\(token)")
        try await driver.wait(for: "location.pathname === '/' && document.querySelector('.grid a')")
        do {
            try await flow(driver, page)
            let complaints = try await driver.complaints()
            #expect(complaints.isEmpty)
        } catch {
            try await driver.close()
            throw error
        }
        try await driver.close()
    }

    @Test(arguments: sizes) func oneScrollsJumpsAndComesBack(width: Int, height: Int) async throws {
        try await inWindow((width, height)) { driver, _ in
            let shown = "document.querySelectorAll('.grid > li[data-place]').length"
            let first = try await driver.value(shown)
            try await driver.press(WebDriver.Key.end)
            try await driver.wait(for: "\(shown) > \(first)")
            try await driver.wait(for: "document.querySelector('.rail a[data-at=\"2023\"]')")
            try await driver.click(".rail a[data-at='2023']")
            try await driver.wait(for: "location.search === '?at=2023'")
            let isAtTheYear = "document.querySelector('.rail a[data-at=\"2023\"][aria-current]')"
            try await driver.wait(for: isAtTheYear)
            // What is newer comes when one scrolls up.
            try await driver.wait(for: "document.querySelectorAll('.run').length > 1")
            try await driver.wait(for: isAtTheYear)
            try await driver.goBack()
            try await driver.wait(
                for:
                    "location.search === '' && document.querySelector('h2').textContent === 'January 2025'"
            )
            try await driver.goForward()
            try await driver.wait(for: "location.search === '?at=2023'")
        }
    }

    @Test(arguments: sizes) func picturesAreOpenedAndLeafedThroughByMouse(width: Int, height: Int)
        async throws
    {
        try await inWindow((width, height)) { driver, _ in
            try await driver.click(".grid > li:nth-child(1) a")
            try await driver.wait(for: "document.querySelector('video.preview')")
            try await driver.click(".way.next")
            try await driver.wait(for: "document.querySelector('img.preview')?.naturalWidth > 0")
            let alternative = try await driver.value("document.querySelector('img.preview').alt")
            #expect(alternative.hasPrefix("a "))
            try await driver.click(".tags a")
            try await driver.wait(for: "location.pathname === '/search'")
        }
    }

    @Test(arguments: sizes) func everythingIsReachedByTheKeyboardAlone(width: Int, height: Int)
        async throws
    {
        try await inWindow((width, height)) { driver, _ in
            try await driver.press("/")
            try await driver.type("lighthouse")
            try await driver.press(WebDriver.Key.enter)
            try await driver.wait(for: "location.pathname === '/search'")
            try await driver.wait(
                for: "document.querySelector('[role=status]').textContent.includes('12 sure')")
            try await driver.press(WebDriver.Key.right)
            try await driver.press(WebDriver.Key.right)
            try await driver.press(WebDriver.Key.enter)
            try await driver.wait(for: "document.querySelector('main.picture h1')")
            let second = try await driver.value("document.querySelector('main.picture').dataset.id")
            try await driver.press(WebDriver.Key.right)
            try await driver.wait(
                for: "document.querySelector('main.picture')?.dataset.id !== '\(second)'")
            try await driver.wait(
                for: "document.querySelector('h1').textContent.includes('lighthouse')")
            try await driver.press(WebDriver.Key.left)
            try await driver.wait(
                for: "document.querySelector('main.picture')?.dataset.id === '\(second)'")
            try await driver.press(WebDriver.Key.escape)
            try await driver.wait(for: "location.pathname === '/search'")
            try await driver.press("?")
            try await driver.wait(for: "document.querySelector('dialog[open]')")
            try await driver.press(WebDriver.Key.escape)
            try await driver.wait(for: "!document.querySelector('dialog')")
            try await driver.press("g")
            try await driver.press("s")
            try await driver.wait(for: "location.pathname === '/status'")
        }
    }

    @Test(arguments: sizes) func aClipIsEnteredAtAMoment(width: Int, height: Int) async throws {
        try await inWindow((width, height)) { driver, _ in
            try await driver.click(".grid > li:nth-child(1) a")
            try await driver.wait(for: "document.querySelectorAll('.stretches a').length === 2")
            try await driver.click(".stretches li:nth-child(2) a")
            // Debian's Chromium plays H.264; where one does not, it is said.
            try await driver.wait(
                for:
                    "document.querySelector('video').currentTime > 0 || !document.querySelector('.unplayable').hidden"
            )
        }
    }

    @Test func theStateOfTheWorkIsLive() async throws {
        try await inWindow((1280, 800)) { driver, page in
            try await driver.open("http://\(page.host)/status")
            let files = "Number(document.querySelector('td')?.textContent)"
            try await driver.wait(for: "\(files) > 0")
            let before = try await driver.value(files)
            try page.library.addPicture(1000)
            try await driver.wait(for: "\(files) === \(before) + 1")
        }
    }

    @Test func whoSignsOutIsAskedToSignIn() async throws {
        try await inWindow((1280, 800)) { driver, page in
            try await driver.open("http://\(page.host)/status")
            try await driver.click("[data-post='/sign-out']")
            try await driver.wait(
                for: "document.querySelector('h1').textContent.includes('private')")
            _ = try await driver.complaints()
        }
    }

    @Test(arguments: sizes) func nothingIsWiderThanTheWindow(width: Int, height: Int) async throws {
        try await inWindow((width, height)) { driver, page in
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
        try await inWindow((1280, 800)) { driver, page in
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
