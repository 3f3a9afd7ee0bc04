import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// What a picture's page tells of the model: what its token looked at, and what it answers.
extension FlowTests {
    @Test(arguments: Browser.ways) func oneSeesWhatTheTokenLookedAt(way: Browser.Way) async throws {
        let library = try PageLibrary()
        let sample = BuildProducts.checkout.appending("Samples/fox-lake-cloudy.jpg").string
        try library.add(
            "fox.jpg", Data(contentsOf: URL(filePath: sample)), caption: "a fox at a lake",
            format: "jpeg", size: (336, 336))
        let model = BuildProducts.checkout.appending("Models/demo")
        try await Browser.inWindow(way, library, model: model) { driver, page in
            try await driver.open("http://\(page.host)/pictures/1")
            try await driver.wait(for: "document.documentElement.matches('.has-script')")
            try await turnLook(by: way.hand, driver)
            try await driver.wait(for: "document.querySelectorAll('.looked svg rect').length > 10")
            // The map lies over the picture, neither beside it nor beyond.
            let edges = { (part: String) in
                """
                (({ left, top, width, height }) => [left, top, width, height].map(Math.round).join())(
                    document.querySelector('.looked \(part)').getBoundingClientRect())
                """
            }
            #expect(try await driver.value(edges("svg")) == driver.value(edges("img")))
            try await driver.wait(
                for:
                    "document.querySelector('#said').textContent.startsWith('It looked most at the ')"
            )
            #expect(
                try await driver.value("document.querySelectorAll('.legend rect').length > 0")
                    == "true")
            try await driver.use("#attention nav a:last-child", by: way.hand)
            try await driver.wait(
                for: "document.querySelector('#attention nav a:last-child[aria-current]')")
            try await turnLook(by: way.hand, driver)
            try await driver.wait(for: "!document.querySelector('.looked svg, #attention')")
        }
    }

    @Test(arguments: Browser.ways) func aQuestionIsAnsweredAndStopped(way: Browser.Way) async throws
    {
        let fox = try FoxLibrary()
        try await Browser.inWindow(way, fox.library, model: fox.model) { driver, page in
            try await driver.open("http://\(page.host)/pictures/\(fox.picture)")
            try await driver.wait(for: "document.documentElement.matches('.has-script')")
            switch way.hand {
            case .mouse: try await driver.click("#question")
            case .keyboard: try await driver.tab(to: "#question")
            }
            try await driver.type("Is there a fox in the picture?")
            try await driver.use("[data-ask] button:not([type])", by: way.hand)
            try await driver.wait(
                for: "document.querySelector('.answer')?.textContent.startsWith('Yes.')")
            try await driver.wait(for: "document.querySelector('#said').textContent === 'Yes.'")
            try await driver.wait(for: "document.querySelector('[data-stop]').hidden")
            #expect(try await driver.value("location.pathname") == "/pictures/\(fox.picture)")

            // A server that takes its time, until nobody wants the answer.
            try await driver.run(
                """
                const quick = fetch;
                globalThis.fetch = (address, options) => !address.includes("question=")
                  ? quick(address, options)
                  : new Promise((answered, failed) => options.signal.addEventListener(
                    "abort", () => failed(options.signal.reason)));
                """)
            try await driver.use("[data-ask] button:not([type])", by: way.hand)
            try await driver.wait(for: "document.querySelector('[aria-busy] [data-stop]')")
            switch way.hand {
            case .mouse: try await driver.click("[data-stop]")
            case .keyboard: try await driver.press(WebDriver.Key.escape)
            }
            try await driver.wait(for: "document.querySelector('#said').textContent === 'Stopped.'")
            try await driver.wait(for: "!document.querySelector('[aria-busy]')")
        }
    }

    private func turnLook(by hand: Browser.Hand, _ driver: WebDriver) async throws {
        switch hand {
        case .mouse: try await driver.click("[data-look]")
        case .keyboard: try await driver.press("h")
        }
    }
}
