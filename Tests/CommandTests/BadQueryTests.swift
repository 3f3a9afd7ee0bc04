import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// What `search`, `similar`, `moments` and `duplicates` say of what nobody should give them: one clear line, and
    /// the documented status.
    @Suite struct BadQueryTests {
        private let sandbox: Sandbox

        init() async throws {
            sandbox = try Sandbox(["VIGNETTE_MODEL": "photographs"])
            try sandbox.write(
                Data(
                    contentsOf: URL(
                        filePath: BuildProducts.checkout.appending("Samples/fox-lake-cloudy.jpg")
                            .string)), to: "fox.jpg")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0, "\(scan)")
        }

        /// As much as Linux hands over in one argument.
        private static let long = String(repeating: "a", count: 130_000)

        private func expectRefusal(
            _ words: [String], status: Int32, _ hint: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let result = try await sandbox.run(
                plainly: sandbox.onCatalogue(words.map { ProgramArgument($0) }))
            let shown = "\(words.prefix(3).map { $0.prefix(40) }): \(result.errorText.prefix(500))"
            #expect(result.status == status, "\(shown)", sourceLocation: sourceLocation)
            #expect(result.output.isEmpty, "\(shown)", sourceLocation: sourceLocation)
            // What the argument parser says of the option and of the command's use is no complaint.
            let complaints = result.complaints.filter { line in
                !["Help:", "Usage:", " "].contains { line.hasPrefix($0) }
            }
            #expect(complaints.count == 1, "\(shown)", sourceLocation: sourceLocation)
            #expect(result.errorText.contains(hint), "\(shown)", sourceLocation: sourceLocation)
            #expect(
                result.errorText.utf8.count < 1000, "\(shown)", sourceLocation: sourceLocation)
        }

        @Test(arguments: ["search", "moments"])
        func wrongFiltersAreWrongUsage(command: String) async throws {
            for (words, hint) in [
                (["kind:film"], "still or video"), (["boat", "--in", "2019-02-30"], "2019-07-26"),
                (["in:2019-02-29"], "'2019-02-29'"), (["on:02-30"], "a day"),
                (["after:2019-13"], "a year"), (["before:0000"], "a year"),
                (["colour:red"], "no filter 'colour:'"), (["boat", "--within", "5km"], "near:"),
                (["boat", "--near", "95,0"], "degrees"),
                (["boat", "--camera", Self.long], "bytes"),
                (["--limit", "0"], "above zero"), (["--limit", "many"], "'many' is invalid"),
                (["--limit", Self.long], "is invalid"), (["--" + Self.long], "no option"),
            ] { try await expectRefusal([command] + words, status: 2, hint) }
        }

        @Test(arguments: ["search", "moments"])
        func muchTooLongQueriesAreWrongUsage(command: String) async throws {
            let megabyte = [String](repeating: Self.long, count: 9)
            try await expectRefusal([command] + megabyte, status: 2, "at most 10000 bytes")
            let words = [String](repeating: "word", count: 10_000)
            try await expectRefusal([command] + words, status: 2, "at most 1000 words")
            let text = words.joined(separator: " ")
            try await expectRefusal([command, text], status: 2, "at most 10000 bytes")
            let many = [String](repeating: "w", count: 65)
            try await expectRefusal([command] + many, status: 2, "at most 64 words")
        }

        @Test(arguments: [["similar"], ["moments", "--like"]])
        func filesThatAreNoPicturesFail(command: [String]) async throws {
            try Data("No picture.\n".utf8).write(
                to: URL(filePath: sandbox.path.appending("note.txt").string))
            try Data([0xFF, 0xD8, 0xFF, 0xE0]).write(
                to: URL(filePath: sandbox.path.appending("cut.jpg").string))
            for (file, hint) in [
                ("note.txt", "is a text"), ("cut.jpg", "is damaged"),
                ("pictures", "is a directory"), ("42", "No such file"),
                ("in:2019-02-30", "No such file"),
            ] { try await expectRefusal(command + [file], status: 1, hint) }
            try await expectRefusal(command + [Self.long], status: 2, "is invalid")
        }

        @Test func wrongUsesOfSimilarAndMomentsAreWrongUsage() async throws {
            try await expectRefusal(["similar"], status: 2, "Missing expected argument")
            try await expectRefusal(["similar", "--kind", "film", "a.jpg"], status: 2, "'still'")
            try await expectRefusal(
                ["similar"] + [String](repeating: "a.jpg", count: 10_000), status: 2,
                "at most 1000 words")
            try await expectRefusal(["moments"], status: 2, "say what to look for")
            try await expectRefusal(["moments", "--like", "a.jpg", "boat"], status: 2, "not both")
        }

        @Test func duplicatesTakesNoQuery() async throws {
            for words in [["boat"], ["in:2019-02-30"], [String](repeating: "word", count: 10_000)] {
                try await expectRefusal(["duplicates"] + words, status: 2, "nexpected argument")
            }
            try await expectRefusal(["duplicates", Self.long], status: 2, "nexpected argument")
            try await expectRefusal(["duplicates", "--kind", "film"], status: 2, "'copy'")
        }

        @Test(arguments: [
            ["search", "boat"], ["similar", "fox.jpg"], ["moments", "boat"], ["duplicates"],
        ])
        func modelsThatAreNotThereAreNamed(command: [String]) async throws {
            try await expectRefusal(
                command + ["--model", "no-such"], status: 1, "no model 'no-such'")
            try await expectRefusal(
                command + ["--model", Self.long], status: 1, "no path is so long")
        }
    }
}
