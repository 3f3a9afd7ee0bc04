import Catalogue
import Foundation
import Glibc
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// Folders of libraries that live as long as the process.
private let sharedFolders = Mutex<[FilePath]>([])

/// Windows of Chromium in which tests use the page as people do.
enum Browser {
    /// Why a test does not run.
    static let isMissing: Comment =
        "chromium-driver is installed (apt-get install chromium chromium-driver)"

    /// Sizes of windows: a desk's and a phone's.
    static let sizes = [(1280, 800), (360, 740)]

    /// What somebody uses the page with, and nothing else.
    enum Hand: Sendable {
        case mouse, keyboard
    }

    /// Each window by each hand.
    static let ways: [Way] = sizes.flatMap { size in
        [Hand.mouse, .keyboard].map { Way(width: size.0, height: size.1, hand: $0) }
    }

    struct Way: Sendable, CustomTestStringConvertible {
        var width: Int
        var height: Int
        var hand: Hand

        var testDescription: String { "\(width) × \(height) by \(hand)" }
    }

    /// What most tests look at, and none changes but by adding to it.
    static let shared = Result { try keptToTheEnd(library()) }

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

    /// Has a library that several tests share removed when all are done.
    static func keptToTheEnd(_ library: PageLibrary) -> PageLibrary {
        let isFirst = sharedFolders.withLock { folders in
            folders.append(library.folder)
            return folders.count == 1
        }
        if isFirst {
            atexit { for folder in sharedFolders.withLock({ $0 }) { FileTree.remove(folder) } }
        }
        return library
    }

    /// Runs a flow in a window that was let in.
    ///
    /// - Parameters:
    ///   - size: Of the window; a phone's is dark.
    ///   - library: What is shown; the shared one otherwise.
    ///   - isDark: Whether the person prefers dark pages; unless said, on a phone.
    ///   - model: What is searched and looked with; none unless said.
    ///   - flow: What is done.
    /// - Throws: What the flow throws, and what the browser refuses.
    static func inWindow(
        _ size: (Int, Int), _ library: PageLibrary? = nil, isDark: Bool? = nil,
        model: FilePath? = nil,
        _ flow: (WebDriver, ServedPage) async throws -> Void
    ) async throws {
        let page = try ServedPage(library ?? shared.get(), model: model)
        let driver = try await WebDriver(
            width: size.0, height: size.1, isDark: isDark ?? (size.0 < 600))
        do {
            let token = try OneTimeTokens(PageFolder(of: page.library.catalogue.path)).make()
            try await driver.open("http://\(page.host)/open?token=\(token)")
            try await driver.wait(
                for: "location.pathname === '/' && document.querySelector('.grid a, .notice')")
            try await flow(driver, page)
            let complaints = try await driver.complaints()
            #expect(complaints.isEmpty)
        } catch {
            try await driver.close()
            throw error
        }
        try await driver.close()
    }

    /// Does so by one hand.
    static func inWindow(
        _ way: Way, _ library: PageLibrary? = nil, model: FilePath? = nil,
        _ flow: (WebDriver, ServedPage) async throws -> Void
    ) async throws {
        try await inWindow((way.width, way.height), library, model: model, flow)
    }
}

extension WebDriver {
    /// Presses what a selector finds: clicks it, or goes there by the tabulator and presses Enter.
    func use(_ selector: String, by hand: Browser.Hand) async throws {
        switch hand {
        case .mouse: try await click(selector)
        case .keyboard:
            try await tab(to: selector)
            try await press(Key.enter)
        }
    }

    /// Presses the tabulator until the first element of a selector has the focus.
    func tab(to selector: String) async throws {
        try await wait(for: "document.querySelector(`\(selector)`)")
        let isThere = "document.activeElement === document.querySelector(`\(selector)`)"
        for _ in 0..<60 {
            if try await value(isThere) == "true" { return }
            try await press(Key.tab)
        }
        throw Failure(description: "the tabulator does not lead to \(selector)")
    }
}
