import Foundation
import SystemPackage
import TestHub
import TestSupport
import Testing

extension SystemTests {
    /// `model complete`, and what is said of a model that lacks what it adds.
    @Suite struct ModelCompleteCommandTests {
        private static let checkpoint = BuildProducts.checkout
            .appending("Tests/Fixtures/oracle/tiny-llava-mini")
        private let world: ModelWorld
        private let source: FolderCopy
        private var packed: FilePath { world.models.appending("tiny-q4") }

        init() async throws {
            world = try ModelWorld()
            source = try FolderCopy(Self.checkpoint)
            try WholeCLIP.complete(source.path.appending("vision_tower"), pooledWidth: 64)
            try FileManager.default.createDirectory(
                atPath: world.models.string, withIntermediateDirectories: true)
            let result = try await world.run(
                "convert", ProgramArgument(source.path), "--to", ProgramArgument(packed))
            #expect(result.status == 0, "\(result)")
        }

        /// As an earlier version packed it.
        private func strip() throws {
            for name in ["model.safetensors", "vocab.json", "merges.txt"] {
                try FileManager.default.removeItem(
                    atPath: packed.appending("vision_tower").appending(name).string)
            }
        }

        /// Name and version, as texts that the model writes are marked with.
        private func label() async throws -> String {
            let result = try await world.sandbox.run(
                plainly: ["doctor", "--model", ProgramArgument(packed)])
            let match = result.text.firstMatch(of: #/tiny-q4@[0-9a-f]{12}/#)
            return String(try #require(match, "\(result)").output)
        }

        @Test func infoSaysWhatIsThereOrWhichCommandAddsIt() async throws {
            let whole = try await world.run("info", "tiny-q4")
            #expect(whole.text.contains("by texts and by likeness"), "\(whole)")
            try strip()
            let without = try await world.run("info", "tiny-q4")
            #expect(without.text.contains("vignette model complete tiny-q4"), "\(without)")
            try world.sandbox.configure("model: tiny-q4\n")
            let doctor = try await world.sandbox.run(plainly: ["doctor"])
            #expect(doctor.text.contains("vignette model complete tiny-q4"), "\(doctor)")
        }

        @Test func addsFromAFolderAndTheModelKeepsItsVersion() async throws {
            try strip()
            let before = try await label()
            let result = try await world.run(
                "complete", "tiny-q4", "--from",
                ProgramArgument(source.path.appending("vision_tower")))
            #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
            #expect(result.text.contains("by texts and by likeness"), "\(result)")
            #expect(try await label() == before)
            let again = try await world.run("complete", "tiny-q4", "--json")
            let line = try JSONSerialization.jsonObject(with: again.output) as? [String: Any]
            #expect(line?["bytesAdded"] as? Int == 0 && line?["texts"] as? Bool == true, "\(again)")
        }

        @Test func addsFromTheHubAndKeepsNothingElse() async throws {
            try strip()
            var files: [String: Data] = [:]
            let tower = source.path.appending("vision_tower")
            for entry in FileTree.walk(tower) where entry.type == S_IFREG {
                let name = String(entry.path.string.dropFirst(tower.string.count + 1))
                files[name] = try Data(exactly: entry.path)
            }
            world.hub.serve(TestRepository("someone/whole-clip", files: files))
            let result = try await world.run(
                "complete", "tiny-q4", "--repository", "someone/whole-clip")
            #expect(result.status == 0, "\(result)")
            #expect(result.text.contains("by texts and by likeness"), "\(result)")
            let left = try FileManager.default.contentsOfDirectory(
                atPath: world.models.appending(".clip").string)
            #expect(left.isEmpty, "\(left)")
        }

        @Test func aModelThatIsNotPackedIsRefusedBeforeAnythingIsFetched() async throws {
            let result = try await world.run("complete", "demo")
            #expect(result.status == 1 && result.complaints.count == 1, "\(result)")
            #expect(result.errorText.contains("no packed model"), "\(result)")
            #expect(world.hub.requests.isEmpty)
        }

        @Test func anotherCLIPIsRefusedInOneLine() async throws {
            try strip()
            let result = try await world.run(
                "complete", "tiny-q4", "--from", ProgramArgument(WholeCLIP.fixture))
            #expect(result.status == 1 && result.complaints.count == 1, "\(result)")
        }
    }
}
