import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Exports and imports through the built program.
    @Suite struct TransferCommandTests {
        private let sandbox: Sandbox
        private let picture: FilePath

        init() async throws {
            sandbox = try Sandbox()
            let samples = BuildProducts.checkout.appending("Samples")
            picture = try sandbox.write(
                Data(exactly: samples.appending("fox-lake-cloudy.jpg")), to: "a.jpg")
            try sandbox.write(Data(exactly: samples.appending("map-bright.jpg")), to: "b.jpg")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            _ = try await sandbox.run(
                "edit", ProgramArgument(picture), "--caption", "=Our \"fox\"", "--tag", "Me")
        }

        @Test func anotherCatalogueSaysTheSame() async throws {
            let file = sandbox.path.appending("library.jsonl")
            let export = try await sandbox.run("export", "-o", ProgramArgument(file))
            #expect(export.status == 0 && export.errorText.contains("2 pictures"), "\(export)")
            let other = try Sandbox()
            let first = try await other.run("import", ProgramArgument(file))
            #expect(first.text == "2 taken in, 0 known already\n", "\(first)")
            let second = try await other.run("import", ProgramArgument(file))
            #expect(second.text == "0 taken in, 2 known already\n", "\(second)")
            // The pictures come, under other names, and no model is asked.
            let moved = try other.write(Data(exactly: picture), to: "moved/z.jpg")
            let scan = try await other.run("scan", "--json", ProgramArgument(other.pictures))
            #expect(scan.status == 0 && scan.text.isEmpty, "\(scan)")
            let show = try await other.run("show", ProgramArgument(moved))
            #expect(show.text.contains("=Our \"fox\" (human)"), "\(show)")
        }

        @Test func aTableIsForSpreadsheets() async throws {
            let table = try await sandbox.run("export", "--csv", "by:human")
            let lines = table.text.split(separator: "\r\n")
            #expect(lines.count == 2, "\(table)")
            #expect(lines.first?.hasPrefix("path,identity,kind,title,caption,") == true)
            #expect(lines.last?.contains(#","'=Our ""fox""",human,"Me; "#) == true, "\(table)")
        }

        @Test func linesOfOtherThingsAreSaidAndTheRestIsTaken() async throws {
            let result = try await sandbox.shell(
                "($PROGRAM export --catalogue $CATALOGUE; echo '{\"identity\": 3}'; echo x) "
                    + "| $PROGRAM import --catalogue \(sandbox.path.string)/other.sqlite -")
            #expect(result.status == 1)
            #expect(result.text == "2 taken in, 0 known already, 2 lines refused\n", "\(result)")
            #expect(result.errorText.contains("line 3: not of 'vignette export'"))
        }

        @Test func whatCannotBeWrittenIsSaidAndNothingIsLeft() async throws {
            let result = try await sandbox.run("export", "-o", "/proc/nothing/x.jsonl")
            #expect(result.status == 1)
            #expect(result.complaints.contains { $0.contains("cannot be written") }, "\(result)")
            let both = try await sandbox.run("export", "--csv", "--json")
            #expect(both.status == 2)
        }
    }
}
