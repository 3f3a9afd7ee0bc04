import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// What scripts rely on.
    @Suite struct PipeTests {
        static let readers: [[ProgramArgument]] = [
            ["search"], ["status"], ["tags"], ["show", "pictures/mountain.bmp"], ["doctor"],
        ]

        @Test(arguments: readers.indices) func pipesGetNoEscapeCodes(reader: Int) async throws {
            let library = try await DescribedLibrary.get()
            let result = try await library.sandbox.run(
                plainly: library.sandbox.onCatalogue(Self.readers[reader]),
                settings: ["TERM": "xterm-256color"])
            #expect(!result.output.isEmpty)
            #expect(!result.output.contains(0x1B), "\(result)")
        }

        /// script(1) lends a terminal.
        @Test func terminalGetsColoursUnlessNoColorIsSet() async throws {
            let library = try await DescribedLibrary.get()
            let command = #"script -qec '"$PROGRAM" search --catalogue "$CATALOGUE"' /dev/null"#
            let coloured = try await library.sandbox.shell("TERM=xterm \(command)")
            #expect(coloured.output.contains(0x1B), "\(coloured)")
            let plain = try await library.sandbox.shell("TERM=xterm NO_COLOR=1 \(command)")
            #expect(plain.text.contains("mountain.bmp"))
            #expect(!plain.output.contains(0x1B), "\(plain)")
        }

        @Test(arguments: ["search", "tags", "status", "--help"]) func closedPipeIsNoError(
            subcommand: String
        ) async throws {
            let library = try await DescribedLibrary.get()
            let script = """
                set -o pipefail
                "$PROGRAM" \(subcommand) --catalogue "$CATALOGUE" | head -c 0
                """
            let result = try await library.sandbox.shell(script)
            #expect(result.status == 0, "\(result)")
            #expect(result.errors.isEmpty, "\(result)")
        }

        @Test func jsonIsOneObjectALine() async throws {
            let library = try await DescribedLibrary.get()
            let file = ProgramArgument(library.path("wide.png"))
            let commands: [[ProgramArgument]] = [["search"], ["tags"], ["status"], ["show", file]]
            for command in commands {
                let result = try await library.sandbox.run(
                    plainly: library.sandbox.onCatalogue(command + ["--json"]))
                #expect(!result.lines.isEmpty)
                for line in result.lines {
                    let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                    #expect(object is [String: Any], "\(line)")
                }
            }
        }

        @Test func namesCannotSteerATerminalNorBreakLines() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "a\u{1B}[31mred\nline\ttab.png")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.lines.count == 1, "\(scan)")
            #expect(!scan.output.contains(0x1B))
            let search = try await sandbox.run("search")
            #expect(search.lines.count == 1)
            #expect(search.lines.first?.components(separatedBy: "\t").count == 3, "\(search)")
            #expect(!search.output.contains(0x1B))
            let found = try await sandbox.run("search", "--json").decoded(FoundPicture.self)
            #expect(
                found.first?.path.path
                    == sandbox.pictures.appending("a\u{1B}[31mred\nline\ttab.png"))
        }
    }
}
