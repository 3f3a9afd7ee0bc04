import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Where the model looked, through the built program.
    @Suite struct ExplainCommandTests {
        private let sandbox: Sandbox
        private static let samples = BuildProducts.checkout.appending("Samples")
        private let fox = ProgramArgument(samples.appending("fox-lake-cloudy.jpg"))
        private let clip = ProgramArgument(samples.appending("truck-lake.mp4"))

        init() throws { sandbox = try Sandbox() }

        private struct Explained: Decodable {
            struct Look: Decodable {
                var second: Double?
                var columns: Int
                var rows: Int
                var areas: [[Double]]
                var weights: [Double]
                var heads: [[Double]]
            }
            struct Word: Decodable {
                var text: String
                var layers: [[Double]]
            }
            var looks: [Look]
            var words: [Word]
        }

        private func explain(_ arguments: ProgramArgument...) async throws -> Explained {
            let result = try await sandbox.run(plainly: ["explain", "--json"] + arguments)
            #expect(result.status == 0, "\(result)")
            return try #require(try result.decoded(Explained.self).first)
        }

        @Test func theTokenLooksAtWhatIsDrawn() async throws {
            let look = try #require(try await explain(fox).looks.first)
            #expect(look.areas.count == look.columns * look.rows && look.heads.count == 8)
            #expect(abs(look.weights.reduce(0, +) - 1) < 1e-4)
            // The fox sits in the lower half, left of the middle.
            let there = zip(look.areas, look.weights).filter { area, _ in
                area[1] > 0.45 && area[0] > 0.15 && area[0] < 0.65
            }
            #expect(there.reduce(0) { $0 + $1.1 } > 0.6)
        }

        @Test func eachWordOfAQuestionHasWeightsInEachLayer() async throws {
            let explained = try await explain(fox, "--question", "Where is the fox?")
            #expect(explained.words.map(\.text) == ["Where", "is", "the", "fox?"])
            let patches = explained.looks[0].areas.count
            for word in explained.words {
                #expect(word.layers.count == 2)
                #expect(word.layers.allSatisfy { $0.count == patches })
            }
        }

        @Test func ofAClipSecondsAreShown() async throws {
            let looks = try await explain(clip).looks
            #expect(looks.count == 5 && looks.compactMap(\.second) == [0, 1, 2, 3, 4])
        }

        @Test func filesAreWrittenWholeInTheFormatOfTheirName() async throws {
            let starts = ["svg": "<svg ", "png": "\u{FFFD}PNG", "json": "{\"looks\""]
            for (format, start) in starts {
                let file = sandbox.path.appending("map.\(format)")
                let result = try await sandbox.run(
                    plainly: [
                        "explain", fox, "-o", ProgramArgument(file), "--outline", "--size", "128",
                    ])
                #expect(result.status == 0 && result.output.isEmpty, "\(result)")
                let text = String(decoding: try Data(exactly: file), as: UTF8.self)
                #expect(text.hasPrefix(start), "\(format)")
            }
        }

        @Test func withoutAFileAMapIsPrinted() async throws {
            let result = try await sandbox.run(plainly: ["explain", fox])
            #expect(result.text.contains("█") && result.text.contains("half of it lies on"))
        }

        @Test func whatCannotBeExplainedIsSaidInALine() async throws {
            let text = try sandbox.write(Data("no picture".utf8), to: "a.txt")
            let result = try await sandbox.run(plainly: ["explain", ProgramArgument(text)])
            #expect(result.status == 1)
            #expect(result.complaints.filter { $0.contains("a.txt") }.count == 1, "\(result)")
            for arguments in [
                ["explain"], ["explain", fox, "-o", "x.gif"], ["explain", fox, "--question", " "],
                ["explain", clip, "--question", "What?"], ["explain", fox, "--size", "9"],
            ] as [[ProgramArgument]] {
                let result = try await sandbox.run(plainly: arguments)
                #expect(result.status == 2, "\(result)")
            }
        }
    }
}
