import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct ConcurrentReadingTests {
        @Test func readingNeverFailsWhileTheDaemonWrites() async throws {
            let sandbox = try Sandbox()
            for number in 0..<150 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("p\(number).png"))
            }
            let daemon = try sandbox.watch()
            try await eventually("the first description") { !daemon.output.lines.isEmpty }
            let file = ProgramArgument(sandbox.pictures.appending("p0.png"))
            let commands: [[ProgramArgument]] = [
                ["search", "--limit", "1000", "p1"], ["status", "--json"], ["tags"],
                ["show", file],
                ["search", "--json"],
            ]
            var rounds = 0
            while rounds < 40 {
                let command = commands[rounds % commands.count]
                let result = try await sandbox.run(
                    plainly: sandbox.onCatalogue(command))
                #expect(result.status == 0, "\(result)")
                #expect(result.errors.isEmpty, "\(result)")
                rounds += 1
                if rounds > 10, try await sandbox.status().queued == 0 { break }
            }
            #expect(try await daemon.stop().status == 0)
        }

        @Test func readersLeaveNoTraceInTheCatalogue() async throws {
            let library = try await DescribedLibrary.get()
            let before = try Data(exactly: library.sandbox.catalogue)
            _ = try await library.run("search", "boat")
            _ = try await library.run("status")
            #expect(try Data(exactly: library.sandbox.catalogue) == before)
        }
    }
}
