import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import Web

/// Where screenshots go, below the checkout or absolute.
private let screenshots = ProcessInfo.processInfo.environment["VIGNETTE_SCREENSHOTS"].map {
    BuildProducts.checkout.pushing(FilePath($0))
}

/// Pictures of the page for README.md, of the drawings in `Samples` as the bundled model for drawings describes them:
/// `VIGNETTE_SCREENSHOTS=Documentation/page swift test --filter ScreenshotTests`.
@Suite(
    .serialized, .enabled(Browser.isMissing) { WebDriver.program != nil },
    .enabled("VIGNETTE_SCREENSHOTS names a folder") { screenshots != nil },
    .timeLimit(.minutes(10))
) struct ScreenshotTests {
    /// The most bytes of one.
    private static let mostBytes = 150_000

    private let directory: TemporaryDirectory
    private var pictures: FilePath { directory.path.appending("pictures") }
    private var settings: FilePath { directory.path.appending("vignette.yaml") }
    private var catalogue: FilePath { directory.path.appending("catalogue.sqlite") }

    init() throws {
        directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: pictures.string, withIntermediateDirectories: true)
        let samples = BuildProducts.checkout.appending("Samples")
        let names = try FileManager.default.contentsOfDirectory(atPath: samples.string)
            .filter { $0.hasSuffix(".jpg") || $0.hasSuffix(".mp4") }.sorted()
        try Data("model: demo\n".utf8).write(to: URL(filePath: settings.string))
        for (number, name) in names.enumerated() {
            try FileManager.default.copyItem(
                atPath: samples.appending(name).string, toPath: pictures.appending(name).string)
            try Data(Self.sidecar(month: number < 6 ? 12 : 11, day: 28 - number).utf8)
                .write(to: URL(filePath: pictures.appending("\(name).xmp").string))
        }
    }

    /// Dates and places that the drawings themselves have none of.
    private static func sidecar(month: Int, day: Int) -> String {
        let date = "2025-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)T10:00:00"
        return """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:DateTimeOriginal="\(date)"/>
            </rdf:RDF></x:xmpmeta>
            """
    }

    private func launch(_ arguments: [ProgramArgument]) throws -> RunningProgram {
        try RunningProgram(
            ProgramLaunch(
                try BuildProducts.program("vignette"),
                arguments.prefix(1) + [
                    "--catalogue", ProgramArgument(catalogue), "--config",
                    ProgramArgument(settings),
                ]
                    + arguments.dropFirst(),
                environment: ["HOME": directory.path.string, "PATH": "/usr/bin:/bin"]))
    }

    @Test func thePageIsDrawnForTheReadme() async throws {
        let folder = try #require(screenshots)
        let scan = try await launch(["scan", ProgramArgument(pictures)]).result()
        #expect(scan.status == 0, "\(scan.errorText)")
        let page = try launch(["serve", "--listen", "127.0.0.1:0"])
        let address = { page.errors.text.firstMatch(of: #/http:\/\/127\.0\.0\.1:\d+/#) }
        try await eventually("the page is there") { address() != nil }
        let host = try #require(address()).output
        let shown = { (view: Shot) async throws in
            let link = try await launch([
                "open", "--print", "--listen", ProgramArgument(String(host.dropFirst(7))),
            ]).result().text
            try await draw(view, host: String(host), link: link, in: folder)
        }
        for shot in Shot.all { try await shown(shot) }
        _ = try await page.stop()
    }

    /// A view, and what is done before it is drawn.
    private struct Shot {
        var name: String
        var view: String
        var size = (1280, 800)
        var key: String?
        var isReady: String

        static let all = [
            Shot(
                name: "timeline", view: "/", size: (1280, 640),
                isReady: "document.querySelector('.rail [aria-current]')"),
            Shot(
                name: "looked", view: "/search?q=fox", size: (1280, 640), key: "h",
                isReady:
                    "document.querySelector('.looked svg') && document.querySelector('#attention')"),
            Shot(
                name: "phone", view: "/", size: (360, 740),
                isReady: "document.querySelector('.grid img')"),
        ]
    }

    private func draw(_ shot: Shot, host: String, link: String, in folder: FilePath) async throws {
        let driver = try await WebDriver(
            width: shot.size.0, height: shot.size.1, isDark: shot.size.0 < 600)
        try await driver.open(link.trimmingCharacters(in: .whitespacesAndNewlines))
        try await driver.open("\(host)\(shot.view)")
        if let key = shot.key {
            try await driver.click(".grid a")
            try await driver.wait(for: "document.querySelector('img.preview')?.naturalWidth > 0")
            try await driver.press(key)
        }
        try await driver.wait(for: shot.isReady)
        try await driver.wait(
            for: """
                [...document.images].every((image) => image.naturalWidth > 0
                    || image.getBoundingClientRect().top > innerHeight)
                """
        )
        let picture = try await driver.screenshot()
        #expect(picture.count < Self.mostBytes, "\(shot.name)")
        try FileManager.default.createDirectory(
            atPath: folder.string, withIntermediateDirectories: true)
        try picture.write(to: URL(filePath: folder.appending("\(shot.name).webp").string))
        try await driver.close()
    }
}
