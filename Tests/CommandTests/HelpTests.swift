import Foundation
import TestSupport
import Testing

extension SystemTests {
    @Suite struct HelpTests {
        static let subcommands = [
            "watch", "scan", "caption", "search", "show", "tags", "status", "retry", "doctor",
            "bench", "redo", "forget", "serve", "open", "edit", "log", "export",
            "import", "ask", "explain", "mcp", "work",
        ]

        @Test(arguments: subcommands) func helpOfEachSubcommandShowsAnExample(
            subcommand: String
        ) async throws {
            let result = try await Sandbox().run(
                plainly: [ProgramArgument(subcommand), "--help"])
            #expect(result.status == 0)
            #expect(result.errors.isEmpty)
            #expect(result.text.contains("USAGE: vignette \(subcommand)"))
            #expect(result.text.contains("EXAMPLE"))
            #expect(result.text.contains("  vignette \(subcommand)"))
            for option in ["--json", "--config", "--catalogue"] {
                #expect(result.text.contains(option), "\(option)")
            }
        }

        @Test func helpOfTheProgramListsEverySubcommand() async throws {
            let result = try await Sandbox().run(plainly: ["--help"])
            #expect(result.status == 0)
            for subcommand in Self.subcommands {
                #expect(
                    result.lines.contains { $0.hasPrefix("  \(subcommand) ") }, "\(subcommand)")
            }
        }

        @Test(arguments: [
            ["wacth"], ["search", "--limit", "many"], ["search", "--limit", "0"],
            ["search", "--kind", "painting"], ["show"], ["caption"], ["retry"],
            ["retry", "--all", "x.jpg"], ["forget"], ["redo", "--before", "soon"],
            ["tags", "--limit", "-1"], ["status", "extra"],
            ["scan", "--unknown"], ["watch", "--config"], ["bench", "--shape", "huge"],
            ["bench", "--bits", "5"], ["bench", "--threads", "0"],
            ["bench", "--only", "nothing"],
        ]) func wrongUsageExitsWithTwoAndSaysSoOnStandardError(
            arguments: [String]
        ) async throws {
            let result = try await Sandbox().run(plainly: arguments.map { ProgramArgument($0) })
            #expect(result.status == 2, "\(result)")
            #expect(result.output.isEmpty)
            #expect(result.errorText.contains("Error:"))
            #expect(result.errorText.lowercased().contains("usage: vignette"))
        }

        @Test(arguments: [
            ["wacth"], ["wacth", "--help"], ["--help", "wacth"], ["help", "wacth"],
            ["wacth", "--version"], ["model", "wacth", "--help"], ["help", "model", "wacth"],
            ["model", "wacth"],
        ]) func commandThatIsNoneIsWrongUsageInOneLine(arguments: [String]) async throws {
            let result = try await Sandbox().run(plainly: arguments.map { ProgramArgument($0) })
            #expect(result.status == 2, "\(result)")
            #expect(result.output.isEmpty)
            #expect(result.errorLines.count == 1, "\(result)")
            #expect(result.errorText.contains("There is no command 'wacth'"), "\(result)")
            let list = arguments.contains("model") ? "'vignette model --help'" : "'vignette --help'"
            #expect(result.errorText.contains(list), "\(result)")
        }

        @Test(arguments: [
            ["help"], ["help", "search"], ["help", "model"], ["help", "model", "pull"],
        ])
        func helpBeforeACommandIsItsHelp(arguments: [String]) async throws {
            let sandbox = try Sandbox()
            let words = arguments.map { ProgramArgument($0) }
            let result = try await sandbox.run(plainly: words)
            let other = try await sandbox.run(plainly: Array(words.dropFirst()) + ["--help"])
            #expect(result.status == 0 && !result.text.isEmpty, "\(result)")
            #expect(result.text == other.text)
        }

        @Test func versionIsOneLine() async throws {
            let result = try await Sandbox().run(plainly: ["--version"])
            #expect(result.status == 0)
            #expect(result.lines.count == 1)
        }
    }
}
