import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// A configuration that cannot be meant is an error that names the place and the key.
    @Suite struct BadConfigurationTests {
        struct Mistake: CustomTestStringConvertible, Sendable {
            var yaml: String
            /// What the message must name.
            var words: [String]

            var testDescription: String { yaml.debugDescription }
        }

        static let mistakes = [
            Mistake(yaml: "folder: [~/Pictures]\n", words: ["folder", "folders"]),
            Mistake(yaml: "watching:\n  setle: 3\n", words: ["watching.setle", ":2"]),
            Mistake(yaml: "watching:\n  settle: soon\n", words: ["watching.settle", "soon", ":2"]),
            Mistake(yaml: "watching:\n  settle: -1\n", words: ["watching.settle", "-1"]),
            Mistake(yaml: "folders: ~/Pictures\n", words: ["folders", "list"]),
            Mistake(yaml: "resources:\n  threads: 1.5\n", words: ["resources.threads", "1.5"]),
            Mistake(
                yaml: "captioning:\n  resolution: huge\n", words: ["captioning.resolution", "huge"]),
            Mistake(yaml: "captioning: yes\n", words: ["captioning"]),
            Mistake(yaml: "folders: [\n", words: ["YAML"]),
            Mistake(yaml: "\tfolders:\n", words: ["YAML"]),
            Mistake(yaml: "just a sentence\n", words: ["keys"]),
            Mistake(yaml: "- a\n- b\n", words: ["keys"]),
            Mistake(yaml: "model: [a, b]\n", words: ["model"]),
            Mistake(yaml: "log:\n  level: loud\n", words: ["log.level", "loud"]),
        ]

        @Test(arguments: mistakes) func mistakeIsOneLineThatNamesFileAndKey(
            mistake: Mistake
        ) async throws {
            let sandbox = try Sandbox()
            try sandbox.configure(mistake.yaml)
            let result = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(result.status == 1, "\(result)")
            #expect(result.output.isEmpty)
            #expect(result.errorLines.count == 1, "\(result)")
            for word in mistake.words + ["vignette.yaml"] {
                #expect(result.errorText.contains(word), "\(word): \(result)")
            }
            #expect(!FileManager.default.fileExists(atPath: sandbox.catalogue.string))
        }

        @Test func bytesThatAreNoTextAreRefused() async throws {
            let sandbox = try Sandbox()
            try Data([0xFF, 0xFE, 0x00]).write(toExactly: sandbox.path.appending("v.yaml"))
            let result = try await sandbox.run("status", "--config", "v.yaml")
            #expect(result.status == 1)
            #expect(result.errorLines.count == 1, "\(result)")
            #expect(result.errorText.contains("v.yaml"))
        }

        @Test(arguments: ["nowhere.yaml", "pictures"]) func fileThatCannotBeReadIsNamed(
            name: String
        ) async throws {
            let result = try await Sandbox().run("status", "--config", ProgramArgument(name))
            #expect(result.status == 1)
            #expect(result.errorLines.count == 1, "\(result)")
            #expect(result.errorText.contains(name))
        }

        @Test(arguments: [
            (["VIGNETTE_WATCHING_SETLE": "1"], "VIGNETTE_WATCHING_SETLE"),
            (["VIGNETTE_WATCHING_SETTLE": "soon"], "VIGNETTE_WATCHING_SETTLE"),
            (["VIGNETTE_CAPTIONING_RESOLUTION": "4k"], "VIGNETTE_CAPTIONING_RESOLUTION"),
        ]) func mistakeInTheEnvironmentNamesTheVariable(
            variables: [String: String], name: String
        ) async throws {
            let sandbox = try Sandbox()
            let result = try await sandbox.run(
                "scan", ProgramArgument(sandbox.pictures), settings: variables)
            #expect(result.status == 1)
            #expect(result.errorLines.count == 1, "\(result)")
            #expect(result.errorText.contains(name), "\(result)")
        }

        @Test func flagBeatsVariableBeatsFile() async throws {
            let sandbox = try Sandbox(["VIGNETTE_MODEL": ""])
            try sandbox.configure("model: from-file\n")
            let file = try await sandbox.run(plainly: ["caption", "x.png"])
            #expect(file.errorText.contains("from-file"), "\(file)")
            let variable = try await sandbox.run(
                plainly: ["caption", "x.png"], settings: ["VIGNETTE_MODEL": "from-variable"])
            #expect(variable.errorText.contains("from-variable"), "\(variable)")
            let flag = try await sandbox.run(
                plainly: ["caption", "--model", "from-flag", "x.png"],
                settings: ["VIGNETTE_MODEL": "from-variable"])
            #expect(flag.errorText.contains("from-flag"), "\(flag)")
        }
    }
}
