import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct RereadCommandTests {
        @Test func whatAnOlderVersionDidNotReadIsFoundAndNothingIsDescribedAgain() async throws {
            let sandbox = try Sandbox()
            let path = BuildProducts.checkout.appending("Tests/Fixtures/media/420.jpg")
            let picture = try Data(contentsOf: URL(filePath: path.string))
            let packet = XMPText.packet(XMPText.keywords("goat"))
            let file = try sandbox.write(XMPText.jpeg(picture, packet), to: "a.jpg")
            let folder = ProgramArgument(sandbox.pictures)
            _ = try await sandbox.run("scan", folder)
            let before = try #require(try await sandbox.show(file))
            let runs = try CatalogueReader(sandbox.catalogue).modelRuns()
            try await forgetTexts(in: sandbox)

            #expect(try await sandbox.show(file)?.tags.contains("goat") == false)
            let doctor = try await sandbox.run("doctor").text
            #expect(doctor.contains("1 file was read by an older version"), "\(doctor)")
            let dry = try await sandbox.run("reread", "--dry-run")
            #expect(dry.lines == ["1 file would be read again"], "\(dry)")
            let reread = try await sandbox.run("reread", "--json", folder)
            #expect(reread.lines == [#"{"files":1,"isDryRun":false}"#], "\(reread)")

            let scan = try await sandbox.run("scan", folder)
            #expect(scan.status == 0, "\(scan)")
            #expect(try await goats(sandbox).map(\.path.path) == [file])
            #expect(try await sandbox.show(file) == before)
            #expect(try CatalogueReader(sandbox.catalogue).modelRuns() == runs)
            let again = try await sandbox.run("reread")
            #expect(again.lines == ["0 files will be read again"], "\(again)")
        }

        @Test func aRunningDaemonReadsAtOnce() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.write(PictureFactory.png(1), to: "a.png")
            let daemon = try sandbox.watch()
            try await eventually("the picture is described") {
                try await sandbox.show(file)?.state == "described"
            }
            let reread = try await sandbox.run("reread", "--all")
            #expect(reread.lines == ["1 file will be read again"], "\(reread)")
            try await eventually("it was read") { try await sandbox.status().queued == 0 }
            #expect(try await daemon.stop().status == 0)
        }

        private func goats(_ sandbox: Sandbox) async throws -> [FoundPicture] {
            try await sandbox.run("search", "--json", "goat").decoded(FoundPicture.self)
        }

        /// Leaves the catalogue as a version would have that did not read keywords.
        private func forgetTexts(in sandbox: Sandbox) async throws {
            let queue = try DatabaseQueue(path: sandbox.catalogue.string)
            try await queue.write { database in
                try database.execute(
                    sql: """
                        UPDATE file SET texts = NULL;
                        UPDATE job SET codecs = NULL;
                        DELETE FROM asset_tag WHERE source = 'sidecar';
                        """)
            }
            try queue.close()
        }
    }
}
