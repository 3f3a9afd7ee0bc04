import Captioning
import Catalogue
import Foundation
import Logging
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

/// The parts of the daemon put together, in this process.
@Suite struct DaemonServiceTests {
    private let directory: TemporaryDirectory
    private let outcomes = Outcomes()

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["a", "b"] {
            try FileManager.default.createDirectory(
                atPath: directory.path.appending(name).string, withIntermediateDirectories: false)
        }
    }

    @Test func describesWhatComesAndGivesTheCatalogueBackWhenItStops() async throws {
        let service = try service(["a"])
        try await whileRunning({ try service.run() }, stop: { service.stop() }) {
            try write(1, to: "a/one.png")
            try await eventually("a description") { outcomes.described == ["one.png"] }
        }
        let catalogue = try Catalogue(at: path, access: .owner)
        #expect(catalogue.interruptedJobs == 0)
        #expect(try catalogue.status().roots.map(\.described) == [1])
    }

    @Test func worksOnNoFolderThatItIsNotTold() async throws {
        try write(1, to: "a/one.png")
        try write(2, to: "b/two.png")
        let first = try service(["a"])
        try await whileRunning({ try first.run() }, stop: { first.stop() }) {
            try await eventually("a description") { outcomes.described == ["one.png"] }
        }
        try write(3, to: "a/three.png")
        let second = try service(["b"])
        try await whileRunning({ try second.run() }, stop: { second.stop() }) {
            try await eventually("the other folder") {
                outcomes.described == ["one.png", "two.png"]
            }
        }
        let watched = try Catalogue(at: path, access: .reader).roots().map(\.isWatched)
        #expect(watched == [false, true])
    }

    @Test func endsWithWhatEndsOneOfItsThreads() async throws {
        let catalogue = try Catalogue(at: path, access: .owner)
        let service = try service(["a"], catalogue: catalogue)
        catalogue.close()
        await #expect(throws: CatalogueError.self) { try await onThread { try service.run() } }
    }

    private var path: FilePath { directory.path.appending("catalogue.sqlite") }

    private func write(_ number: Int, to name: String) throws {
        let file = directory.path.pushing(FilePath(name))
        try PictureFactory.png(number).write(to: URL(filePath: file.string))
    }

    private func service(_ folders: [String], catalogue: Catalogue? = nil) throws -> DaemonService {
        var settings = try SettingsLoader(
            environment: ["HOME": directory.path.string, "VIGNETTE_WATCHING_SETTLE": "0.05"]
        ).load()
        settings.folders = folders.map { directory.path.appending($0) }
        settings.captioning.answerTokens = 3
        return try DaemonService(
            settings: settings, catalogue: catalogue ?? Catalogue(at: path, access: .owner),
            captioner: Captioner(
                folder: PipelineBench.tinyModel, settings: settings.captioning),
            decoderProgram: try BuildProducts.program("vignette-decoder"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onEvent: { [outcomes] in outcomes.note($0) })
    }
}
