import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Edits that are killed at any moment.
    @Suite struct EditCrashTests {
        private static let kills = Soak.isOn ? 1000 : 20

        private struct Shown: Decodable {
            var caption: String?
        }

        @Test func whatACommandHasConfirmedIsThereAndNothingIsHalfThere() async throws {
            let sandbox = try Sandbox()
            let picture = try sandbox.write(PictureFactory.png(1), to: "a.png")
            let other = try sandbox.write(PictureFactory.png(2), to: "b.png")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let files = [ProgramArgument(picture), ProgramArgument(other)]

            func number(_ file: ProgramArgument) async throws -> Int {
                let result = try await sandbox.run("show", "--json", file)
                let caption = try #require(try result.decoded(Shown.self).first).caption ?? ""
                guard caption.hasPrefix("words ") else { return -1 }
                return try #require(Int(caption.dropFirst("words ".count)))
            }

            var random = SeededGenerator(seed: 11)
            var confirmed = -1
            var confirmations = 0
            for kill in 0..<Self.kills {
                let edit = try RunningProgram(
                    sandbox.launch(
                        sandbox.onCatalogue(["edit"] + files + ["--caption", "words \(kill)"])))
                try await Task.sleep(for: .milliseconds(Int.random(in: 0..<160, using: &random)))
                let result = try await edit.stop(SIGKILL)
                if result.status == 0 {
                    confirmed = kill
                    confirmations += 1
                }
                let now = try await number(files[0])
                #expect(now >= confirmed && now <= kill, "kill \(kill)")
                #expect(try await number(files[1]) == now, "both are edited, or none")
            }
            print("\(confirmations) of \(Self.kills) edits ended before they were killed")
            let last = try await number(files[0])
            // A catalogue that is lost gets them back from the journal.
            for suffix in ["", "-wal", "-shm"] { unlink(sandbox.catalogue.string + suffix) }
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(try await number(files[0]) >= last)
            let reader = try CatalogueReader(sandbox.catalogue)
            #expect(try reader.integrity() == ["ok"])
        }
    }
}
