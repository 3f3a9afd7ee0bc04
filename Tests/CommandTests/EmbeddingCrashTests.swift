import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// A kill while pictures are made findable, or while the index is written, changes nothing that is found.
    @Suite struct EmbeddingCrashTests {
        static let kills = Soak.isOn ? 200 : 20
        private static let pictures = 24

        @Test func whatIsFoundIsThatOfAFreshBuild() async throws {
            let sandbox = try Sandbox(["VIGNETTE_MODEL": "photographs"])
            for number in 1...Self.pictures {
                try sandbox.write(PictureFactory.png(number), to: FilePath("\(number).png"))
            }
            // Described by a model that makes none, all of them want embeddings afterwards.
            let first = try await scan(sandbox, model: "demo")
            #expect(first.status == 0, "\(first)")
            let template = sandbox.path.appending("template.sqlite")
            try FileManager.default.copyItem(
                atPath: sandbox.catalogue.string, toPath: template.string)
            let start = ContinuousClock.now
            _ = try await scan(sandbox, model: "photographs")
            let whole = Int((ContinuousClock.now - start) / .milliseconds(1))
            try beginAnew(sandbox, from: template)
            var random = SeededGenerator(seed: 17)
            var unfinished = 0
            for _ in 0..<Self.kills {
                let program = try RunningProgram(
                    sandbox.launch(
                        sandbox.onCatalogue(["scan", ProgramArgument(sandbox.pictures)])))
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...whole, using: &random)))
                _ = try await program.stop(SIGKILL)
                let reader = try CatalogueReader(sandbox.catalogue)
                guard try reader.embeddings() == Self.pictures else {
                    unfinished += 1
                    continue
                }
                try beginAnew(sandbox, from: template)
            }
            print("\(unfinished) of \(Self.kills) kills came before all was done")
            let last = try await scan(sandbox, model: "photographs")
            #expect(last.status == 0, "\(last)")
            let found = try await search(sandbox)
            #expect(found.count == Self.pictures)
            try FileManager.default.removeItem(atPath: sandbox.catalogue.string + ".vectors")
            #expect(try await search(sandbox) == found, "an index that is built anew")
            let reader = try CatalogueReader(sandbox.catalogue)
            #expect(try reader.integrity() == ["ok"])
        }

        /// Takes back what was made, beside an index that is of later.
        private func beginAnew(_ sandbox: Sandbox, from template: FilePath) throws {
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: sandbox.catalogue.string + suffix)
            }
            try FileManager.default.copyItem(
                atPath: template.string, toPath: sandbox.catalogue.string)
        }

        private func scan(_ sandbox: Sandbox, model: String) async throws -> ProgramResult {
            try await sandbox.run(
                "scan", "--model", ProgramArgument(model), ProgramArgument(sandbox.pictures))
        }

        private func search(_ sandbox: Sandbox) async throws -> [Found] {
            try await sandbox.run(
                "search", "--json", "--match", "meaning", "--all", "--limit", "100", "a boat"
            ).decoded(Found.self)
        }
    }
}

private struct Found: Decodable, Equatable {
    let path: String?
    let similarity: Float
}
