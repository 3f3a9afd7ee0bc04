import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// A model that cannot be used is refused before any work, with the reason in one line.
    @Suite struct BadCheckpointTests {
        @Test func eachMissingTensorIsNamed() async throws {
            for (file, tensor) in try Self.sample(6, where: { _ in true }) {
                let sandbox = try Sandbox()
                let model = try DamagedModel(in: sandbox)
                try model.rename(tensor, in: model.weightFiles[file])
                try await Self.expectRefusal(sandbox, model, naming: [tensor])
            }
        }

        @Test func eachMisshapenTensorIsNamed() async throws {
            let isUneven = { (shape: [Int]) in shape.count == 2 && shape[0] != shape[1] }
            for (file, tensor) in try Self.sample(6, where: isUneven) {
                let sandbox = try Sandbox()
                let model = try DamagedModel(in: sandbox)
                try model.transpose(tensor, in: model.weightFiles[file])
                try await Self.expectRefusal(sandbox, model, naming: [tensor])
            }
        }

        @Test func truncatedWeightsAreRefusedByName() async throws {
            let sandbox = try Sandbox()
            let model = try DamagedModel(in: sandbox)
            let file = try #require(model.weightFiles.first)
            let data = try Data(exactly: file)
            for length in [0, 4, 100, data.count / 2, data.count - 1] {
                try data.prefix(length).write(toExactly: file)
                try await Self.expectRefusal(
                    sandbox, model, naming: [file.lastComponent?.string ?? ""])
            }
        }

        @Test(arguments: ["config.json", "tokenizer.json"]) func damagedJSONIsRefusedByName(
            name: String
        ) async throws {
            let sandbox = try Sandbox()
            let model = try DamagedModel(in: sandbox)
            for text in ["", "{", "[]", "{\"hidden_size\": \"many\"}", "{\"a\": 1e999}"] {
                try model.write(Data(text.utf8), to: name)
                try await Self.expectRefusal(sandbox, model, naming: [name])
            }
        }

        @Test func configurationWithImpossibleNumbersIsRefusedByKey() async throws {
            let sandbox = try Sandbox()
            let model = try DamagedModel(in: sandbox)
            let original = try Data(exactly: model.folder.appending("config.json"))
            let object = try JSONSerialization.jsonObject(with: original)
            for (key, value) in [
                ("hidden_size", -8), ("num_hidden_layers", 0), ("num_attention_heads", 0),
                ("num_hidden_layers", 1 << 40),
            ] {
                var changed = try #require(object as? [String: Any])
                changed[key] = value
                try model.write(
                    JSONSerialization.data(withJSONObject: changed), to: "config.json")
                try await Self.expectRefusal(sandbox, model, naming: ["config.json", key])
            }
        }

        /// Some tensors of the bundled model, spread over its parts.
        private static func sample(
            _ count: Int, where isWanted: ([Int]) -> Bool
        ) throws -> [(file: Int, tensor: String)] {
            let sandbox = try Sandbox()
            let model = try DamagedModel(in: sandbox)
            let all = try model.usedTensors(where: isWanted)
            return stride(from: 0, to: all.count, by: max(1, all.count / count)).map { all[$0] }
        }

        private static func expectRefusal(
            _ sandbox: Sandbox, _ model: DamagedModel, naming words: [String]
        ) async throws {
            let file = try sandbox.write(PictureFactory.png(1), to: "one.png")
            let choice = ProgramArgument(model.folder)
            let caption = try await sandbox.run(
                plainly: ["caption", "--model", choice, ProgramArgument(file)])
            let scan = try await sandbox.run(
                "scan", "--model", choice, ProgramArgument(sandbox.pictures))
            for result in [caption, scan] {
                #expect(result.status == 1, "\(words) \(result)")
                #expect(result.output.isEmpty)
                #expect(result.complaints.count == 1, "\(words) \(result)")
                for word in words {
                    #expect(result.errorText.contains(word), "\(word): \(result)")
                }
            }
            // The picture is no worse for it.
            #expect((try? await sandbox.status())?.failed ?? 0 == 0)
        }
    }
}
