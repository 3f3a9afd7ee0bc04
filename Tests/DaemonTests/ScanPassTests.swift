import Captioning
import Catalogue
import FileSystem
import Foundation
import Logging
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

/// One look through folders, in this process.
@Suite struct ScanPassTests {
    private let directory: TemporaryDirectory
    private let outcomes = Outcomes()

    init() throws {
        directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: folder.string, withIntermediateDirectories: false)
    }

    @Test func endsWhenNothingIsLeftAndSaysWhatItLeftOut() async throws {
        for number in 0..<3 { try write(PictureFactory.png(number), to: "\(number).png") }
        try write(Data("a letter".utf8), to: "letter.txt")
        let pass = try pass()
        try await onThread { try pass.run() }
        #expect(pass.isFinished)
        #expect(Set(outcomes.described) == ["0.png", "1.png", "2.png"])
        #expect(pass.passedOver.map(\.extensions) == [["txt": 1]])
        let catalogue = try Catalogue(at: path, access: .owner)
        #expect(catalogue.interruptedJobs == 0)
        #expect(try catalogue.status().roots.map(\.described) == [3])
    }

    @Test func isNotFinishedWhereItWasStopped() async throws {
        for number in 0..<50 { try write(PictureFactory.png(number), to: "\(number).png") }
        let pass = try pass()
        try await whileRunning({ try pass.run() }, stop: { pass.stop() }) {
            try await eventually("a description") { !outcomes.described.isEmpty }
        }
        #expect(!pass.isFinished || outcomes.described.count == 50)
        let catalogue = try Catalogue(at: path, access: .owner)
        #expect(catalogue.interruptedJobs == 0, "what was in hand was given back")
    }

    private var path: FilePath { directory.path.appending("catalogue.sqlite") }
    private var folder: FilePath { directory.path.appending("photos") }

    private func write(_ data: Data, to name: String) throws {
        try data.write(to: URL(filePath: folder.appending(name).string))
    }

    private func pass() throws -> ScanPass {
        var settings = try SettingsLoader(environment: ["HOME": directory.path.string]).load()
        settings.folders = [folder]
        settings.settle = .zero
        settings.captioning.answerTokens = 3
        return try ScanPass(
            settings: settings, catalogue: Catalogue(at: path, access: .owner),
            captioner: Captioner(
                folder: PipelineBench.tinyModel, settings: settings.captioning),
            decoderProgram: try BuildProducts.program("vignette-decoder"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onEvent: { [outcomes] in outcomes.note($0) }, onProgress: { _ in })
    }
}
