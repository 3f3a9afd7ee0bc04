import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// What the documents show is true: every command in them is run.
    @Suite struct DocumentTests {
        static let documents = [
            "README.md", "ARCHITECTURE.md", "MODEL.md", "CONTRIBUTING.md", "CHANGELOG.md",
            "Models/photographs/README.md", "Models/demo/README.md", "Benchmarks/PEERS.md",
        ]

        @Test(arguments: documents) func everyCommandInTheDocumentWorks(
            document: String
        ) async throws {
            let commands = try DocumentCommands(document)
            let household = try await DocumentHousehold(for: commands.vignette)
            for command in commands.vignette {
                if command.contains("postgresql:"), TestDatabase.programs == nil { continue }
                let result = try await household.run(command)
                #expect(result.status == 0, "\(document): \(command)\n\(result)")
                if command.hasPrefix("vignette search") {
                    #expect(!result.text.isEmpty, "\(document): \(command) finds nothing")
                }
            }
            for command in commands.make {
                let result = try await household.runDry(command)
                #expect(result.status == 0, "\(document): \(command)\n\(result)")
            }
        }

        @Test func readmeShowsItsTwoCommandsAndEverySubcommand() async throws {
            let commands = try DocumentCommands("README.md")
            #expect(commands.make.contains { $0.hasPrefix("make run") })
            #expect(commands.make.contains { $0.hasPrefix("make test") })
            let help = try await Sandbox().run(plainly: ["--help"]).text
            let list = help.split(separator: "SUBCOMMANDS:").last ?? ""
            let names = list.split(separator: "\n").compactMap { line in
                line.firstMatch(of: #/^ {2}([a-z]+)/#).map { String($0.1) }
            }
            #expect(names.count >= 9)
            for name in names where name != "help" {
                let isShown = commands.vignette.contains { $0.contains("vignette \(name)") }
                #expect(isShown, "README.md shows no use of vignette \(name)")
            }
        }

        /// Whoever has run `make run` has no `vignette` in the path yet.
        @Test func commandsOfTheTourRunWhatWasBuiltHere() throws {
            let text = try String(
                contentsOfFile: BuildProducts.checkout.appending("README.md").string,
                encoding: .utf8)
            let tour = try #require(
                text.firstMatch(of: #/## The tour\n([\s\S]*?)\n## /#)?.output.1)
            let commands = tour.split(separator: "\n").filter { $0.contains("vignette ") }
                .filter { $0.hasPrefix("vignette ") || $0.hasPrefix("./vignette ") }
            #expect(commands.count >= 15)
            for command in commands { #expect(command.hasPrefix("./"), "\(command)") }
        }

        /// Whoever follows the guide finds every file that it sends them to.
        @Test func everyFileThatTheGuideNamesIsThere() throws {
            let root = BuildProducts.checkout
            for document in ["CONTRIBUTING.md", "ARCHITECTURE.md"] {
                let text = try String(
                    contentsOfFile: root.appending(document).string, encoding: .utf8)
                let names = text.matches(
                    of: #/`((?:Sources|Tests|Config|Models)/[A-Za-z0-9+./-]+)`/#)
                for name in names.map({ String($0.1) })
                where !name.hasSuffix("Foo.swift") && !name.hasSuffix("FooTests.swift") {
                    let path = root.pushing(FilePath(name)).string
                    #expect(FileManager.default.fileExists(atPath: path), "\(document): \(name)")
                }
                #expect(document != "CONTRIBUTING.md" || names.count >= 15)
            }
        }

        @Test func everyTargetOfTheMakefileIsExplained() async throws {
            let household = try await DocumentHousehold(for: [])
            let help = try await household.sandbox.shell(
                "make -s -C \"$1\" help", arguments: [BuildProducts.checkout])
            #expect(help.status == 0, "\(help)")
            for target in ["run", "test", "smoke", "soak", "build", "check", "install", "clean"] {
                #expect(help.lines.contains { $0.hasPrefix("  make \(target) ") }, "\(target)")
            }
        }
    }
}
