import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct SearchCommandTests {
        @Test func picturesAreFoundByTheWordsOfTheirNames() async throws {
            let library = try await DescribedLibrary.get()
            let result = try await library.run("search", "mountain")
            #expect(result.status == 0)
            #expect(result.lines.count == 1, "\(result)")
            let cells = result.lines.first?.components(separatedBy: "\t") ?? []
            #expect(cells.count == 3)
            #expect(cells.first == library.path("mountain.bmp").string)
        }

        @Test func picturesAreFoundByTheWordsOfTheirCaptions() async throws {
            let library = try await DescribedLibrary.get()
            let all = try await library.run("search", "--json").decoded(FoundPicture.self)
            #expect(all.count == 4)
            var searched = 0
            for picture in all {
                let words = (picture.caption ?? "").split { !$0.isLetter && !$0.isNumber }
                guard let word = words.first(where: { $0.count >= 3 && $0.allSatisfy(\.isASCII) })
                else { continue }
                searched += 1
                let hits = try await library.run("search", "--json", ProgramArgument(String(word)))
                    .decoded(FoundPicture.self)
                #expect(hits.contains { $0.path == picture.path }, "\(word)")
            }
            #expect(searched > 0, "no caption has a word: \(all)")
        }

        @Test func tagsNarrowTheSearch() async throws {
            let library = try await DescribedLibrary.get()
            let all = try await library.run("search", "--json").decoded(FoundPicture.self)
            let tag = try #require(all.flatMap(\.tags).first)
            let hits = try await library.run("search", "--json", "--tag", ProgramArgument(tag))
                .decoded(FoundPicture.self)
            #expect(hits.map(\.path) == all.filter { $0.tags.contains(tag) }.map(\.path))
        }

        @Test func accentsAndCaseDoNotMatter() async throws {
            let library = try await DescribedLibrary.get()
            let result =
                try await library.run("search", "GROSSE").lines
                + (try await library.run("search", "GRÖßE").lines)
            #expect(result.contains { $0.contains("größe.png") })
        }

        @Test func kindAndLimitAreHonoured() async throws {
            let library = try await DescribedLibrary.get()
            #expect(try await library.run("search", "--kind", "video").lines.isEmpty)
            #expect(try await library.run("search", "--kind", "still").lines.count == 4)
            #expect(try await library.run("search", "--limit", "2").lines.count == 2)
        }

        @Test(arguments: [[], ["png"], ["--kind", "still"]] as [[ProgramArgument]])
        func pagesBehindCursorsHaveEverythingOnce(query: [ProgramArgument]) async throws {
            let library = try await DescribedLibrary.get()
            let whole = try await Self.search(library, query)
            #expect(whole.count >= 3)
            var paged: [FoundPicture] = []
            while paged.count <= whole.count {
                let after: [ProgramArgument] =
                    paged.last.map { ["--after", ProgramArgument($0.cursor)] } ?? []
                let page = try await Self.search(library, query + ["--limit", "1"] + after)
                #expect(page.count <= 1)
                if page.isEmpty { break }
                paged += page
            }
            #expect(paged.map(\.path) == whole.map(\.path))
        }

        @Test func textNamesTheCursorOfTheNextPage() async throws {
            let library = try await DescribedLibrary.get()
            let whole = try await library.run("search").lines
            let first = try await library.run("search", "--limit", "3")
            let cursor = try #require(
                first.errorLines.last?.wholeMatch(of: /more: .* --after (.+)/)?.1, "\(first)")
            let second = try await library.run(
                "search", "--limit", "3", "--after", ProgramArgument(String(cursor)))
            #expect(first.lines.count == 3 && second.lines.count == 1)
            #expect(second.errorLines.isEmpty, "\(second)")
            let paths = { (lines: [String]) in
                lines.map { $0.split(separator: "\t").first.map(String.init) }
            }
            #expect(paths(first.lines + second.lines) == paths(whole))
        }

        @Test func cursorThatIsNoneOfThisSearchIsRefusedInOneLine() async throws {
            let library = try await DescribedLibrary.get()
            let other = try #require(try await Self.search(library, ["png"]).first).cursor
            for cursor in ["", "nonsense", "ÄÖ+/=", String(other.dropLast()), other] {
                let result = try await library.run(
                    "search", "--json", "--after", ProgramArgument(cursor))
                #expect(result.status == 1, "\(result)")
                #expect(result.output.isEmpty, "\(result)")
                #expect(result.complaints.count == 1, "\(result)")
                #expect(result.errorText.contains("is no cursor of this search"), "\(result)")
            }
        }

        private static func search(
            _ library: DescribedLibrary, _ arguments: [ProgramArgument]
        ) async throws -> [FoundPicture] {
            let sandbox = library.sandbox
            let result = try await sandbox.run(
                plainly: sandbox.onCatalogue(["search", "--json"] + arguments))
            #expect(result.status == 0, "\(result)")
            return try result.decoded(FoundPicture.self)
        }

        @Test func nothingFoundIsNothingSaidAndNoFailure() async throws {
            let library = try await DescribedLibrary.get()
            let result = try await library.run("search", "xyzzyplugh")
            #expect(result.status == 0)
            #expect(result.output.isEmpty)
            #expect(result.errors.isEmpty)
        }

        @Test(arguments: [
            "\"", "*", "a AND", "NEAR(", "12:30", "^", "'; DROP TABLE file; --", "(", "{}",
            "\u{1F6F6}",
            "OR OR OR", "- -", "\"\"\"",
        ]) func anythingMayBeSearchedFor(words: String) async throws {
            let library = try await DescribedLibrary.get()
            let result = try await library.run("search", "--", ProgramArgument(words))
            #expect(result.status == 0, "\(result)")
            #expect(result.errors.isEmpty, "\(result)")
        }

        @Test func catalogueThatIsNotThereIsNamed() async throws {
            let sandbox = try Sandbox()
            let result = try await sandbox.run("search", "boat")
            #expect(result.status == 1)
            #expect(result.output.isEmpty)
            #expect(result.complaints.count == 1)
            #expect(result.errorText.contains(sandbox.catalogue.string), "\(result)")
            #expect(!FileManager.default.fileExists(atPath: sandbox.catalogue.string))
        }
    }
}
