import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct OlderVerdictTests {
        @Test func whatAnEarlierDecoderCouldNotReadIsTriedAgainOnce() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.write(PictureFactory.png(1), to: "a.png")
            let broken = try sandbox.write(Data("no picture".utf8), to: "b.jpg")
            let folder = ProgramArgument(sandbox.pictures)
            _ = try await sandbox.run("scan", folder)
            #expect(try await sandbox.show(broken)?.state == "failed")
            let queue = try DatabaseQueue(path: sandbox.catalogue.string)
            // As an earlier version would have left it, which could read neither.
            try await queue.write { database in
                try database.execute(
                    sql: """
                        UPDATE job SET state = 'failed', last_error = 'not supported', codecs = 0;
                        """)
            }
            try queue.close()
            let again = try await sandbox.run("scan", folder)
            #expect(try await sandbox.show(file)?.state == "described", "\(again)")
            #expect(try await sandbox.show(broken)?.state == "failed")
            #expect(try await sandbox.show(broken)?.error != "not supported")
            let third = try await sandbox.run("scan", folder)
            #expect(third.complaints.isEmpty, "once is enough: \(third)")
        }
    }
}
