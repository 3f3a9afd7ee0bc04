import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// `model list`, `info`, `verify` and `remove`.
    @Suite struct ModelCommandTests {
        private struct ListedModel: Decodable {
            let name: String
            let bytes: Int
            let bits: Int?
            let inUse: Bool
            let state: String
        }

        /// Puts the bundled model for drawings into the models folder under other names.
        private func install(_ names: String..., in world: ModelWorld) throws {
            try FileManager.default.createDirectory(
                atPath: world.models.string, withIntermediateDirectories: true)
            for name in names {
                try FileManager.default.copyItem(
                    atPath: BuildProducts.checkout.appending("Models/demo").string,
                    toPath: world.models.appending(name).string)
            }
        }

        @Test func listShowsEveryModelAndTheOneInUse() async throws {
            let world = try ModelWorld()
            let bundled = try await world.run("list", "--json").decoded(ListedModel.self)
            #expect(bundled.map(\.name) == ["photographs", "demo"])
            #expect(bundled.map(\.state) == ["bundled", "bundled"])
            #expect(bundled.map(\.inUse) == [true, false])

            try install("one", "two", in: world)
            try FileManager.default.createDirectory(
                atPath: world.models.appending("three.partial/contents").string,
                withIntermediateDirectories: true)
            try world.sandbox.configure("model: two\n")
            let listed = try await world.run("list", "--json").decoded(ListedModel.self)
            #expect(listed.map(\.name) == ["one", "three", "two", "photographs", "demo"])
            #expect(
                listed.map(\.state) == ["complete", "partial", "complete", "bundled", "bundled"])
            #expect(listed.map(\.inUse) == [false, false, true, false, false])
            #expect(listed.map(\.bits) == [16, nil, 16, 16, 16])
            #expect(listed[0].bytes > 3_000_000 && listed[1].bytes == 0)
            let text = try await world.run("list")
            #expect(text.lines.count == 5 && text.lines[2].hasPrefix("*\ttwo\t"), "\(text)")
        }

        @Test func listOfAPulledModelIsMarkedUnusableWhereItsConfigurationIsDamaged() async throws {
            let world = try ModelWorld()
            try install("one", in: world)
            try Data("{".utf8).write(toExactly: world.models.appending("one/config.json"))
            let listed = try await world.run("list", "--json").decoded(ListedModel.self)
            #expect(
                listed.map(\.name) == ["one", "photographs", "demo"],
                "a damaged model is still listed")
        }

        @Test func infoSaysShapeFormatAndMemory() async throws {
            let world = try ModelWorld()
            let text = try await world.run("info")
            #expect(text.status == 0, "\(text)")
            for word in ["F16", "parameters", "vision tower", "memory", "notice"] {
                #expect(text.text.contains(word), "\(word)")
            }
            let json = try await world.run("info", "demo", "--json")
            let object = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
            #expect(object?["bits"] as? Int == 16, "\(json)")
            #expect(object?["tokensPerImage"] as? Int == 1, "\(json)")
        }

        @Test func infoOfAModelThatIsNotThereIsAnError() async throws {
            let result = try await ModelWorld().run("info", "absent")
            #expect(result.status == 1)
            #expect(result.complaints.count == 1 && result.errorText.contains("absent"))
        }

        @Test func verifyNamesEveryChangedFile() async throws {
            let world = try ModelWorld()
            _ = try await world.run("pull")
            let file = world.model.appending("tokenizer_config.json")
            try Data("{}".utf8).write(toExactly: file)
            let shard = try #require(DamagedModel.weightFiles(of: world.model).first)
            var bytes = try Data(exactly: shard)
            bytes[bytes.count - 1] ^= 1
            try bytes.write(toExactly: shard)
            let result = try await world.run("verify", "--json")
            #expect(result.status == 1, "\(result)")
            #expect(result.text.contains("tokenizer_config.json: has 2 bytes"), "\(result)")
            let name = try #require(shard.lastComponent?.string)
            #expect(result.text.contains("\(name): was changed"), "\(result)")
        }

        @Test func verifyNamesTensorsThatAreMissingOrMisshapen() async throws {
            let sandbox = try Sandbox()
            let damaged = try DamagedModel(in: sandbox)
            let file = try #require(damaged.weightFiles.first)
            let tensor = try #require(damaged.shapes(in: file).keys.min())
            try damaged.rename(tensor, in: file)
            let result = try await sandbox.run(
                plainly: ["model", "verify", ProgramArgument(damaged.folder)])
            #expect(result.status == 1, "\(result)")
            #expect(result.text.contains(tensor), "\(result)")
        }

        @Test func removeWithoutATerminalNeedsForce() async throws {
            let world = try ModelWorld()
            try install("one", "two", in: world)
            let refused = try await world.run("remove", "one")
            #expect(refused.status == 1 && refused.errorText.contains("--force"), "\(refused)")
            #expect(FileManager.default.fileExists(atPath: world.models.appending("one").string))
            let removed = try await world.run("remove", "one", "--force")
            #expect(removed.status == 0, "\(removed)")
            #expect(!FileManager.default.fileExists(atPath: world.models.appending("one").string))
            #expect(FileManager.default.fileExists(atPath: world.models.appending("two").string))
        }

        @Test(
            .enabled("a terminal can be had") {
                FileManager.default.isExecutableFile(atPath: "/usr/bin/script")
            }, arguments: [("y", true), ("n", false), ("", false)])
        func removeOnATerminalAsks(answer: String, isRemoved: Bool) async throws {
            let world = try ModelWorld()
            try install("one", in: world)
            let script = """
                echo '\(answer)' | script -qec "'$PROGRAM' model remove one" /dev/null
                """
            let result = try await world.sandbox.shell(script)
            #expect(result.text.contains(#/Delete one, [0-9.]+ MB\? \[y/N\]/#), "\(result)")
            let isThere = FileManager.default.fileExists(
                atPath: world.models.appending("one").string)
            #expect(isThere != isRemoved, "\(result)")
        }

        @Test func partialDownloadIsRemovedByTheModelsName() async throws {
            let world = try ModelWorld()
            let folder = world.models.appending("one.partial/contents")
            try FileManager.default.createDirectory(
                atPath: folder.string, withIntermediateDirectories: true)
            let removed = try await world.run("remove", "one", "--force")
            #expect(removed.status == 0, "\(removed)")
            #expect(FileTree.entries(of: world.models).isEmpty)
        }

        @Test(arguments: ["demo", "..", "/", "../vignette", "absent"])
        func removeRefusesWhatIsNoModelOfTheFolder(name: String) async throws {
            let world = try ModelWorld()
            try install("one", in: world)
            let result = try await world.run("remove", ProgramArgument(name), "--force")
            #expect(result.status == 1, "\(result)")
            #expect(result.complaints.count == 1)
            #expect(FileManager.default.fileExists(atPath: world.models.appending("one").string))
        }

        @Test(arguments: ["pull", "list", "info", "verify", "remove"])
        func helpOfEachSubcommandShowsAnExample(subcommand: String) async throws {
            let result = try await ModelWorld().run(ProgramArgument(subcommand), "--help")
            #expect(result.status == 0)
            #expect(result.text.contains("USAGE: vignette model \(subcommand)"))
            #expect(result.text.contains("  vignette model \(subcommand)"))
        }
    }
}
