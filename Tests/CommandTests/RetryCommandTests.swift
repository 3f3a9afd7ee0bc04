import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct RetryCommandTests {
        @Test func retrySaysHowManyItRevivedAndTheNextScanTriesThem() async throws {
            let sandbox = try Sandbox()
            let first = try sandbox.write(Data("a".utf8), to: "a.jpg")
            try sandbox.write(Data("b".utf8), to: "below/b.jpg")
            try sandbox.write(Data("c".utf8), to: "below/c.jpg")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(try await sandbox.status().failed == 3)

            let one = try await sandbox.run("retry", "--json", ProgramArgument(first))
            #expect(try one.decoded(Revived.self).map(\.revived) == [1])
            #expect(try await sandbox.status().queued == 1)
            let folder = ProgramArgument(sandbox.pictures.appending("below"))
            let rest = try await sandbox.run("retry", "--json", folder)
            #expect(try rest.decoded(Revived.self).map(\.revived) == [2])
            let none = try await sandbox.run("retry", "--all")
            #expect(none.status == 0)
            #expect(none.lines.first?.hasPrefix("0 ") == true, "\(none)")

            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.complaints.count == 3, "\(scan)")
            #expect(try await sandbox.status().failed == 3)
        }

        @Test func runningDaemonTakesRevivedFilesUpAtOnce() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(Data("no picture".utf8), to: "a.jpg")
            let daemon = try sandbox.watch()
            let complaints = { daemon.errors.lines.filter { $0.contains("a.jpg") }.count }
            try await eventually("the file fails") { complaints() == 1 }
            let retry = try await sandbox.run("retry", "--all")
            #expect(retry.lines.first?.hasPrefix("1 ") == true, "\(retry)")
            try await eventually("the file is tried again") { complaints() == 2 }
            _ = try await daemon.stop()
        }

        private struct Revived: Decodable {
            var revived: Int
        }
    }
}
