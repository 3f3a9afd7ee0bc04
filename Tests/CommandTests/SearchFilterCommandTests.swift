import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Filters in the one box and as options, as the built program answers them.
    @Suite struct SearchFilterCommandTests {
        /// Three pictures that sidecars tell the moment and place of, the last of them neither.
        private func library() async throws -> Sandbox {
            let sandbox = try Sandbox()
            let moments = [
                "2019/italy/a.png": "2019-07-26T10:00:00", "2020/b.png": "2020-07-01T23:59:59",
            ]
            for (number, name) in ["2019/italy/a.png", "2020/b.png", "c.png"].enumerated() {
                try sandbox.write(PictureFactory.png(number), to: FilePath(name))
                guard let moment = moments[name] else { continue }
                try sandbox.write(
                    XMPText.packet(
                        XMPText.keywords("Boat"),
                        attributes: """
                            exif:DateTimeOriginal='\(moment)' exif:GPSLatitude='45,\(26 + number)N' \
                            exif:GPSLongitude='12,20E'
                            """), to: FilePath(name + ".xmp"))
            }
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0, "\(scan)")
            return sandbox
        }

        private func names(_ sandbox: Sandbox, _ words: [String]) async throws -> [String] {
            let result = try await sandbox.run(
                plainly: sandbox.onCatalogue(
                    ["search", "--json"] + words.map { ProgramArgument($0) }))
            #expect(result.status == 0, "\(result)")
            return try result.decoded(FoundPicture.self)
                .compactMap { $0.path.path.lastComponent?.string }
        }

        @Test func filtersFindAmongTheWordsAndAsOptions() async throws {
            let sandbox = try await library()
            let cases: [([String], [String])] = [
                (["in:2019"], ["a.png"]), (["--in", "2019"], ["a.png"]),
                (["in:july", "boat"], ["a.png", "b.png"]), (["on:2020-07-01"], ["b.png"]),
                (["after:2019"], ["b.png"]), (["--taken-after", "2019"], ["b.png"]),
                (["before:2020-07-02", "--taken-before", "2020"], ["a.png"]),
                (["near:45.433,12.333 within:500m"], ["a.png"]),
                (["--near", "45.433,12.333", "--within", "5km"], ["a.png", "b.png"]),
                (["folder:2019/italy"], ["a.png"]), (["--folder", "2020"], ["b.png"]),
                (["no:place"], ["c.png"]), (["--no", "date"], ["c.png"]),
                (["--", "-no:date", "-folder:2020"], ["a.png"]),
                (["tag:boat", "--", "-in:2019"], ["b.png"]),
                (["by:model"], ["a.png", "b.png", "c.png"]), (["--written-by", "human"], []),
                (["kind:video"], []), (["camera:nikon"], []), (["rating:1"], []),
            ]
            for (words, expected) in cases {
                #expect(try await names(sandbox, words).sorted() == expected, "\(words)")
            }
            #expect(
                try await names(sandbox, ["--by", "date"]) == ["b.png", "a.png", "c.png"])
        }

        @Test func wrongQueriesAreRefusedInOneLineThatSaysWhatIsAllowed() async throws {
            let sandbox = try Sandbox()
            let part = String(repeating: "a", count: 100_000)
            let queries: [([String], String)] = [
                (["kind:film"], "still or video"), (["--in", "2019-02-30"], "2019-07-26"),
                (["on:july"], "a day"), (["colour:red"], "kind:"), (["within:5km"], "near:"),
                (["--near", "-95,0"], "degrees"), (["no:camera"], "place, date"),
                ([String](repeating: part, count: 11), "bytes"),
                ([String](repeating: "word", count: 1900), "words"),
            ]
            for (words, hint) in queries {
                let result = try await sandbox.run(
                    plainly: sandbox.onCatalogue(["search"] + words.map { ProgramArgument($0) }))
                #expect(result.status != 0)
                #expect(result.output.isEmpty)
                #expect(result.complaints.count == 1, "\(hint): \(result.errorLines)")
                #expect(result.errorText.contains(hint), "\(result.errorText.prefix(300))")
                #expect(result.errorText.utf8.count < 400)
            }
        }
    }
}
