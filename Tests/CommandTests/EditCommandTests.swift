import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// People's words through the built program.
    @Suite struct EditCommandTests {
        private let sandbox: Sandbox
        private let picture: FilePath

        init() async throws {
            sandbox = try Sandbox()
            let sample = BuildProducts.checkout.appending("Samples/apple-snow-fog.jpg")
            picture = try sandbox.write(Data(exactly: sample), to: "a.jpg")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
        }

        private func shown() async throws -> Shown {
            let result = try await sandbox.run("show", "--json", ProgramArgument(picture))
            return try #require(try result.decoded(Shown.self).first)
        }

        private struct Shown: Decodable {
            var caption: String?
            var captionSource: String?
            var tags: [String]
            var tagSources: [[String]]
        }

        @Test func whatWasSaidIsShownFoundLoggedAndTakenBack() async throws {
            let before = try await shown()
            let edit = try await sandbox.run(
                "edit", ProgramArgument(picture), "--caption", "Anna at the lake", "--tag", "Anna",
                "--untag", ProgramArgument(before.tags.first ?? "none"))
            #expect(edit.status == 0 && edit.text.contains("Anna at the lake (human)"), "\(edit)")
            let after = try await shown()
            #expect(after.caption == "Anna at the lake" && after.captionSource == "human")
            #expect(after.tags == ["Anna"] + before.tags.dropFirst())
            let found = try await sandbox.run("search", "anna", "lake")
            #expect(found.text.contains("a.jpg"), "\(found)")
            let log = try await sandbox.run("log", ProgramArgument(picture))
            #expect(log.text.contains("→ “Anna at the lake”; +Anna"), "\(log)")
            let undo = try await sandbox.run("log", "--undo", ProgramArgument(picture))
            #expect(undo.status == 0, "\(undo)")
            let again = try await shown()
            #expect(again.caption == before.caption && Set(again.tags) == Set(before.tags))
        }

        @Test func aClearedCaptionIsNoneUntilItIsReset() async throws {
            let before = try await shown()
            _ = try await sandbox.run("edit", ProgramArgument(picture), "--clear-caption")
            #expect(try await shown().caption == nil)
            _ = try await sandbox.run("edit", ProgramArgument(picture), "--reset-caption")
            #expect(try await shown().caption == before.caption)
        }

        @Test func aCaptionMayComeFromStandardInput() async throws {
            let edit = try await sandbox.shell(
                "printf 'from\\na pipe\\n' | $PROGRAM edit --catalogue $CATALOGUE \"$1\" --caption -",
                arguments: [picture])
            #expect(edit.status == 0, "\(edit)")
            #expect(try await shown().caption == "from\na pipe")
        }

        @Test func manyEditsComeFromAFileAndWhatIsWrongWithOneIsSaid() async throws {
            let file = sandbox.path.appending("edits.jsonl")
            let lines = [
                #"{"path": "\#(picture.string)", "caption": "one", "tags": ["x"]}"#, "",
                #"{"path": "/nowhere/b.jpg", "caption": "two"}"#, "no JSON",
                #"{"path": "\#(picture.string)", "captoin": "three"}"#,
                #"{"path": "\#(picture.string)", "caption": 3}"#,
            ]
            try Data(lines.joined(separator: "\n").utf8).write(
                to: URL(filePath: file.string))
            let edit = try await sandbox.run("edit", "--from", ProgramArgument(file))
            #expect(edit.status == 1)
            #expect(edit.text == "1 picture edited, 4 lines refused\n", "\(edit)")
            for (number, words) in [
                (3, "not in the catalogue"), (4, "no JSON object"), (5, "'captoin'"),
                (6, "are text"),
            ] {
                #expect(
                    edit.complaints.contains {
                        $0.contains("line \(number): ") && $0.contains(words)
                    },
                    "\(edit)")
            }
            #expect(try await shown().caption == "one")
        }

        @Test func anEditorOpensWithCaptionAndTags() async throws {
            let before = try await shown()
            let editor = sandbox.path.appending("editor")
            try Data(
                """
                #!/bin/sh
                printf 'Mine\\n--- tags, one a line\\n\(before.tags.dropFirst().joined(separator: "\\n"))\\nNew\\n' > "$1"
                """.utf8
            ).write(to: URL(filePath: editor.string))
            chmod(editor.string, 0o755)
            let edit = try await sandbox.shell(
                "EDITOR=$2 script -qec \"$PROGRAM edit --catalogue $CATALOGUE $1\" /dev/null",
                arguments: [picture, editor])
            #expect(edit.status == 0, "\(edit)")
            let after = try await shown()
            #expect(after.caption == "Mine")
            #expect(Set(after.tags) == Set(before.tags.dropFirst() + ["New"]))
        }

        @Test(arguments: [
            ["edit"], ["edit", "a.jpg", "--caption", "x", "--clear-caption"],
            ["edit", "a.jpg", "--undo", "--tag", "x"], ["edit", "a.jpg", "b.jpg"],
            ["edit", "a.jpg", "--from", "x"], ["log"],
        ]) func wrongUsageIsSaid(arguments: [String]) async throws {
            let result = try await sandbox.run(plainly: arguments.map { ProgramArgument($0) })
            #expect(result.status == 2, "\(result)")
        }

        @Test func onlyPicturesThatAreKnownCanBeEdited() async throws {
            let stranger = try sandbox.write(Data("x".utf8), to: "new.jpg")
            let result = try await sandbox.run("edit", ProgramArgument(stranger), "--tag", "x")
            #expect(result.status == 1)
            #expect(result.complaints.count == 1, "\(result)")
            let empty = try await sandbox.run("edit", ProgramArgument(picture), "--caption", " ")
            #expect(empty.status == 1 && empty.errorText.contains("clear"), "\(empty)")
        }
    }
}
