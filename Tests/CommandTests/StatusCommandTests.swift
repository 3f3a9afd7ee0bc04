import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct StatusCommandTests {
        @Test func statusCountsFilesByTheirState() async throws {
            let library = try await DescribedLibrary.get()
            let status = try await library.sandbox.status()
            #expect(status.files == 6)
            #expect(status.described == 5)
            #expect(status.failed == 1)
            #expect(status.queued == 0)
            #expect(status.missing == 0)
            #expect(status.daemon == nil)
            #expect(status.bytes > 0)
            #expect(status.catalogue.path == library.sandbox.catalogue)
            #expect(status.roots.map(\.path.path) == [library.sandbox.pictures])
            #expect(status.roots.first?.state == "online")
            // Copies are described once.
            #expect(status.models.map(\.described) == [4])
        }

        @Test func textNamesTheFolderAndWhatFailed() async throws {
            let library = try await DescribedLibrary.get()
            let result = try await library.run("status")
            #expect(result.status == 0)
            #expect(result.text.contains(library.sandbox.pictures.string))
            #expect(result.text.contains("broken.jpg"))
        }

        @Test func runningDaemonIsNamed() async throws {
            let sandbox = try Sandbox()
            let daemon = try sandbox.watch()
            try await eventually("status names the daemon") {
                (try? await sandbox.status())?.daemon == daemon.processID
            }
            _ = try await daemon.stop()
            #expect(try await sandbox.status().daemon == nil)
        }
    }
}
