import Catalogue
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// What people do with the page, at a desk and on a phone, each by the mouse alone and by the keyboard alone.
@Suite(
    .serialized, .enabled(Browser.isMissing) { WebDriver.program != nil }, .timeLimit(.minutes(10)))
struct FlowTests {
    @Test(arguments: Browser.ways) func oneScrollsAndJumpsToAMonth(way: Browser.Way) async throws {
        try await Browser.inWindow(way) { driver, _ in
            let shown = "document.querySelectorAll('.grid > li[data-place]').length"
            let first = try await driver.value(shown)
            switch way.hand {
            case .mouse: try await driver.scroll(by: 20_000)
            case .keyboard: try await driver.press(WebDriver.Key.end)
            }
            try await driver.wait(for: "\(shown) > \(first)")
            let year = ".rail a[data-at='2023']"
            try await driver.wait(for: "document.querySelector(`\(year)`)")
            try await jump(to: "2023", by: way.hand, driver)
            try await driver.wait(for: "document.querySelector(`\(year)[aria-current]`)")
            try await jump(to: "2023-04", by: way.hand, driver)
            let isThere = "document.querySelector('.rail a[data-at=\"2023-04\"][aria-current]')"
            try await driver.wait(for: isThere)
            // What is newer comes before it, and moves nothing.
            try await driver.wait(for: "document.querySelectorAll('.run').length > 1")
            try await driver.wait(for: isThere)
            try await driver.goBack()
            try await driver.wait(for: "location.search === '?at=2023'")
            try await driver.goBack()
            try await driver.wait(for: "location.search === ''")
            try await driver.goForward()
            try await driver.goForward()
            try await driver.wait(for: isThere)
        }
    }

    private func jump(to place: String, by hand: Browser.Hand, _ driver: WebDriver) async throws {
        let link = ".rail a[data-at='\(place)']"
        switch hand {
        case .mouse: try await driver.click(link)
        case .keyboard:
            try await driver.press("m")
            for key in [WebDriver.Key.up, WebDriver.Key.down] {
                for _ in 0..<20 {
                    if try await driver.value("document.activeElement.matches(`\(link)`)") == "true"
                    {
                        break
                    }
                    try await driver.press(key)
                }
            }
            try await driver.press(WebDriver.Key.enter)
        }
        try await driver.wait(for: "location.search === '?at=\(place)'")
    }

    @Test(arguments: Browser.ways)
    func oneSearchesOpensAndLeafsThroughWhatWasFound(way: Browser.Way) async throws {
        try await Browser.inWindow(way) { driver, _ in
            switch way.hand {
            case .mouse: try await driver.click("#q")
            case .keyboard: try await driver.press("/")
            }
            try await driver.type("lighthouse")
            try await driver.press(WebDriver.Key.enter)
            try await driver.wait(for: "location.pathname === '/search'")
            try await driver.wait(
                for: "document.querySelector('[role=status]').textContent.includes('12 sure')")
            switch way.hand {
            case .mouse: try await driver.click(".grid > li:nth-child(2) a")
            case .keyboard:
                try await driver.press(WebDriver.Key.right)
                try await driver.press(WebDriver.Key.right)
                try await driver.press(WebDriver.Key.enter)
            }
            try await driver.wait(for: "document.querySelector('img.preview')?.naturalWidth > 0")
            let picture = "document.querySelector('main.picture')?.dataset.id"
            let second = try await driver.value(picture)
            try await leaf(.next, by: way.hand, driver)
            try await driver.wait(
                for:
                    "\(picture) !== '\(second)' && document.querySelector('h1').textContent.includes('lighthouse')"
            )
            let third = try await driver.value("location.pathname + location.search")
            try await leaf(.previous, by: way.hand, driver)
            try await driver.wait(for: "\(picture) === '\(second)'")
            try await leaf(.next, by: way.hand, driver)
            try await driver.wait(for: "\(picture) !== '\(second)'")
            switch way.hand {
            case .mouse: try await driver.goBack()
            case .keyboard: try await driver.press(WebDriver.Key.escape)
            }
            try await driver.wait(for: "location.pathname === '/search'")
            // The keyboard is where one has got to.
            try await driver.wait(
                for: "document.activeElement.getAttribute('href') === '\(third)'")
            try await driver.goForward()
            try await driver.wait(for: "document.querySelector('main.picture')")
            try await driver.use(".tags a", by: way.hand)
            try await driver.wait(for: "location.search === '?q=tag:boat'")
        }
    }

    private enum Direction {
        case previous, next
    }

    private func leaf(_ direction: Direction, by hand: Browser.Hand, _ driver: WebDriver)
        async throws
    {
        switch (hand, direction) {
        case (.mouse, .previous): try await driver.click(".way.prev")
        case (.mouse, .next): try await driver.click(".way.next")
        case (.keyboard, .previous): try await driver.press(WebDriver.Key.left)
        case (.keyboard, .next): try await driver.press(WebDriver.Key.right)
        }
    }

    /// Whoever comes back sees what they saw, also where the browser has forgotten the page.
    @Test(arguments: Browser.ways, [true, false])
    func whoComesBackIsWhereTheyWere(way: Browser.Way, isForgotten: Bool) async throws {
        try await Browser.inWindow(way) { driver, page in
            if isForgotten { try await driver.run("addEventListener('unload', () => {})") }
            for _ in 0..<4 {
                let before = try await driver.value("scrollY")
                switch way.hand {
                case .mouse: try await driver.scroll(by: 900)
                case .keyboard: try await driver.press(WebDriver.Key.pageDown)
                }
                try await driver.wait(for: "scrollY > \(before)")
            }
            // In the middle of the window a month's name may stand.
            let inView = """
                [...document.querySelectorAll('.grid a')].find(link => {
                    const { top, bottom } = link.getBoundingClientRect()
                    return top > innerHeight / 4 && bottom < innerHeight
                })
                """
            try await driver.wait(for: "\(inView)?.querySelector('img').complete")
            try await driver.wait(for: "history.state?.item")
            switch way.hand {
            case .mouse:
                try await driver.run("\(inView).setAttribute('data-chosen', 'yes')")
                try await driver.click("[data-chosen]")
            case .keyboard:
                try await driver.press(WebDriver.Key.down)
                try await driver.press(WebDriver.Key.enter)
            }
            try await driver.wait(for: "document.querySelector('main.picture')")
            let opened = try await driver.value("location.pathname")
            try await driver.goBack()
            let link = "document.querySelector(`.grid a[href='\(opened)']`)"
            try await driver.wait(
                for: "location.pathname === '/' && \(link) === document.activeElement")
            let isSeen = try await driver.value(
                "\(link).getBoundingClientRect().top > 0 && \(link).getBoundingClientRect().top < innerHeight"
            )
            #expect(isSeen == "true")
        }
    }

    @Test(arguments: Browser.ways) func aClipIsEnteredAtAMomentOfASearch(way: Browser.Way)
        async throws
    {
        try await Browser.inWindow(way) { driver, page in
            try await driver.open("http://\(page.host)/search?q=rainbow")
            switch way.hand {
            case .mouse: try await driver.click(".grid a")
            case .keyboard:
                try await driver.press(WebDriver.Key.right)
                try await driver.press(WebDriver.Key.enter)
            }
            try await driver.wait(for: "document.querySelectorAll('.stretches a').length > 1")
            // Debian's Chromium plays H.264; where one does not, it is said.
            try await driver.wait(
                for:
                    "document.querySelector('.times') || !document.querySelector('.unplayable').hidden"
            )
            try await driver.use(".stretches li.marked a", by: way.hand)
            try await driver.wait(
                for:
                    "document.querySelector('video').currentTime > 0 || !document.querySelector('.unplayable').hidden"
            )
        }
    }

    @Test(arguments: Browser.ways) func whatFailedIsTriedAgain(way: Browser.Way) async throws {
        let library = try PageLibrary()
        try library.addPicture(1)
        try library.addFailure("broken.jpg", reason: "this is no picture")
        try await Browser.inWindow(way, library) { driver, page in
            switch way.hand {
            case .mouse: try await driver.click("nav a[href='/status']")
            case .keyboard:
                try await driver.press("g")
                try await driver.press("s")
            }
            try await driver.wait(
                for:
                    "document.querySelector('.failures')?.textContent.includes('this is no picture')"
            )
            try await driver.use("[data-post='/retry']", by: way.hand)
            try await driver.wait(
                for: "document.querySelector('#said').textContent === 'One is queued again.'")
            // The news of it take the list away, and leave the keyboard where it can go on.
            try await driver.wait(for: "!document.querySelector('.failures')")
            try await driver.wait(for: "document.activeElement.matches('h1')")
            #expect(try library.catalogue.failures().isEmpty)
        }
    }

    @Test(arguments: Browser.ways) func wordsAreEditedAndTakenBack(way: Browser.Way) async throws {
        let library = try PageLibrary()
        try library.addPicture(1)
        try await Browser.inWindow(way, library) { driver, page in
            try await driver.open("http://\(page.host)/pictures/1")
            try await openForm(by: way.hand, driver)
            try await driver.type(" on a lake")
            try await untickTag(by: way.hand, driver)
            switch way.hand {
            case .mouse: try await driver.click("#new-tags")
            case .keyboard: try await driver.tab(to: "#new-tags")
            }
            try await driver.type("water, summer")
            try await driver.use("form.edit button:not([type])", by: way.hand)
            let heading = "document.querySelector('h1').textContent"
            try await driver.wait(for: "\(heading) === 'a boat on a lake'")
            #expect(
                try await driver.value("document.querySelector('#said').textContent") == "Saved.")
            #expect(
                try await driver.value(
                    "[...document.querySelectorAll('.tags a')].map((a) => a.textContent).sort()")
                    == "summer,water")
            #expect(
                try await driver.value("document.querySelector('img.preview').alt")
                    == "a boat on a lake")
            // The keyboard stays at what was used.
            try await driver.wait(for: "document.activeElement.matches('[data-edit]')")
            switch way.hand {
            case .mouse: try await driver.click("[data-undo]")
            case .keyboard: try await driver.press("z")
            }
            try await driver.wait(for: "\(heading) === 'a boat'")
            #expect(try library.catalogue.picture(1)?.asset.tags == ["boat"])
        }
    }

    @Test(arguments: Browser.ways) func wordsThatCameMeanwhileAreShownAndMineAreKept(
        way: Browser.Way
    )
        async throws
    {
        let library = try PageLibrary()
        try library.addPicture(1)
        try await Browser.inWindow(way, library) { driver, page in
            try await driver.open("http://\(page.host)/pictures/1")
            try await openForm(by: way.hand, driver)
            try await driver.type(" of mine")
            try library.catalogue.edit(
                [1], TextEdit(caption: .say("theirs")), by: EditAuthor(.terminal, name: ""))
            try await driver.use("form.edit button:not([type])", by: way.hand)
            try await driver.wait(
                for:
                    "document.querySelector('.edit [role=alert]').textContent.includes('meanwhile')"
            )
            #expect(try await driver.value("document.querySelector('h1').textContent") == "theirs")
            #expect(try library.catalogue.picture(1)?.asset.caption == "theirs")
            try await driver.use("form.edit button:not([type])", by: way.hand)
            try await driver.wait(
                for: "document.querySelector('h1').textContent === 'a boat of mine'")
            // The browser notes the refusal as an error of its own.
            _ = try await driver.complaints()
        }
    }

    @Test(arguments: Browser.ways) func duplicatesAreLookedForAndStandSideBySide(way: Browser.Way)
        async throws
    {
        try await Browser.inWindow(way, DuplicatesTests.library()) { driver, _ in
            switch way.hand {
            case .mouse: try await driver.click("nav a[href='/browse']")
            case .keyboard:
                try await driver.press("g")
                try await driver.press("b")
            }
            try await driver.use("main a[href='/duplicates']", by: way.hand)
            try await driver.use("[data-post='/duplicates']", by: way.hand)
            // What was found comes by itself.
            try await driver.wait(for: "document.querySelectorAll('.beside > li > a').length === 2")
            switch way.hand {
            case .mouse: try await driver.click(".beside > li:nth-child(2) a")
            case .keyboard:
                try await driver.press(WebDriver.Key.right)
                try await driver.press(WebDriver.Key.right)
                try await driver.press(WebDriver.Key.enter)
            }
            try await driver.wait(for: "document.querySelector('main.picture')")
            try await driver.goBack()
            try await driver.wait(for: "location.pathname === '/duplicates'")
        }
    }

    /// Opens the form, with the caret behind the caption.
    private func openForm(by hand: Browser.Hand, _ driver: WebDriver) async throws {
        try await driver.wait(for: "document.documentElement.matches('.has-script')")
        switch hand {
        case .mouse: try await driver.click("[data-edit]")
        case .keyboard: try await driver.press("e")
        }
        try await driver.wait(for: "document.activeElement.matches('#caption')")
        try await driver.press(WebDriver.Key.end)
    }

    private func untickTag(by hand: Browser.Hand, _ driver: WebDriver) async throws {
        switch hand {
        case .mouse: try await driver.click(".edit [name=tag]")
        case .keyboard:
            try await driver.tab(to: ".edit [name=tag]")
            try await driver.press(" ")
        }
    }

    @Test(arguments: Browser.sizes) func theKeysAreListed(width: Int, height: Int) async throws {
        try await Browser.inWindow((width, height)) { driver, _ in
            try await driver.press("?")
            try await driver.wait(for: "document.querySelector('dialog[open] kbd')")
            try await driver.press(WebDriver.Key.escape)
            try await driver.wait(for: "!document.querySelector('dialog')")
        }
    }
}
