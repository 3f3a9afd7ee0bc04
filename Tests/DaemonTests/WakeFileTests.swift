import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import Daemon

@Suite struct WakeFileTests {
    @Test func aTouchIsHeard() async throws {
        let directory = try TemporaryDirectory()
        let catalogue = directory.path.appending("catalogue.sqlite")
        let file = try WakeFile(for: catalogue)
        let heard = WakeSignal()
        let mark = heard.mark()
        async let listening: Void = onThread { file.listen { heard.notify() } }
        WakeFile.touch(for: catalogue)
        try await onThread { heard.wait(since: mark, until: nil) }
        file.stop()
        try await listening
    }

    @Test func touchingWithoutADaemonDoesNothing() throws {
        let directory = try TemporaryDirectory()
        let catalogue = directory.path.appending("catalogue.sqlite")
        WakeFile.touch(for: catalogue)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path.string)
        #expect(names.isEmpty)
    }
}
