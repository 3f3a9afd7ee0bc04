import Captioning
import Foundation
import Logging
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

/// A model that was removed while it was not in memory.
@Suite struct ModelPatienceTests {
    private let directory: TemporaryDirectory
    private let captioner: Captioner
    private let signal = WakeSignal()
    private let messages = Messages()

    private var model: FilePath { directory.path.appending("model") }

    init() throws {
        directory = try TemporaryDirectory()
        let folder = directory.path.appending("model")
        try FileManager.default.copyItem(atPath: Self.tiny.string, toPath: folder.string)
        captioner = try Captioner(folder: folder, settings: CaptioningSettings())
        try FileManager.default.removeItem(atPath: folder.string)
    }

    private static let tiny = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Fixtures/oracle/tiny-llava-mini")

    private func patience(isPatient: Bool = true) -> ModelPatience {
        ModelPatience(
            captioner: captioner, isPatient: isPatient, signal: signal,
            logger: Logger(label: "test") { [messages] _ in messages },
            pause: .milliseconds(5), onPatience: { [messages] in messages.noteTry() })
    }

    @Test func waitsUntilThereIsAModelAgainAndSaysSoOnce() async throws {
        let error = try #require(throws: ModelUnavailable.self) { try captioner.loaded() }
        let patience = patience()
        let wait: @Sendable () throws -> Void = { try patience.wait(after: error) }
        // What waits ends by itself once there is a model, and is stopped only where none came.
        var isThere = false
        try await whileRunning(wait, stop: { if !isThere { signal.stop() } }) {
            try await whileRunning(wait, stop: { if !isThere { signal.stop() } }) {
                try await eventually("several tries") { messages.tries >= 4 }
                try FileManager.default.copyItem(atPath: Self.tiny.string, toPath: model.string)
                isThere = true
            }
        }
        #expect(captioner.isLoaded)
        #expect(messages.texts.count == 2, "\(messages.texts)")
        #expect(messages.texts.first?.contains(model.string) == true)
        #expect(messages.texts.last?.contains(captioner.identity.label) == true)
    }

    @Test func stopsWaitingWithThePipeline() async throws {
        let error = try #require(throws: ModelUnavailable.self) { try captioner.loaded() }
        let patience = patience()
        try await whileRunning({ try patience.wait(after: error) }, stop: { signal.stop() }) {
            try await eventually("a try") { messages.tries >= 1 }
        }
        #expect(!captioner.isLoaded)
    }

    @Test func aSinglePassGivesUp() throws {
        let error = try #require(throws: ModelUnavailable.self) { try captioner.loaded() }
        #expect(throws: ModelUnavailable.self) {
            try patience(isPatient: false).wait(after: error)
        }
    }
}

/// A log that a test can read.
private final class Messages: LogHandler {
    private let state = Mutex((texts: [String](), tries: 0))

    var texts: [String] { state.withLock { $0.texts } }
    var tries: Int { state.withLock { $0.tries } }

    func noteTry() { state.withLock { $0.tries += 1 } }

    func log(event: LogEvent) {
        state.withLock { $0.texts.append("\(event.message)") }
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
}
