import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Who attends to whom, through the built program.
    @Suite struct AnalyseCommandTests {
        private let sandbox: Sandbox
        private static let samples = BuildProducts.checkout.appending("Samples")
        private let fox = ProgramArgument(samples.appending("fox-lake-cloudy.jpg"))
        private let clip = ProgramArgument(samples.appending("truck-lake.mp4"))

        init() throws { sandbox = try Sandbox() }

        private struct Analysis: Decodable {
            struct Flow: Decodable {
                var mode: String
                var stage: String
                var axis: Int
                var from: String
                var to: String
                var weight: Double
                var entropy: Double
            }
            struct Remainder: Decodable {
                var mode: String
                var kept: Double
            }
            var pictures: [Picture]
            var attention: [Flow]
            var remaining: [Remainder]

            struct Picture: Decodable {
                var answer: String
            }
        }

        private func folder(_ name: String) -> FilePath { sandbox.path.appending(name) }

        private func files(_ folder: FilePath) throws -> Set<String> {
            Set(try FileManager.default.contentsOfDirectory(atPath: folder.string))
        }

        @Test func theFolderHoldsTablesPlotsAndThePage() async throws {
            let out = folder("attention")
            let result = try await sandbox.run(
                plainly: ["analyse", fox, "-o", ProgramArgument(out), "--json"])
            #expect(result.status == 0, "\(result)")
            let analysis = try #require(try result.decoded(Analysis.self).first)
            #expect(analysis.pictures.first.map { !$0.answer.isEmpty } == true)
            #expect(Set(analysis.attention.map(\.mode)) == ["mini", "llava"])
            #expect(Set(analysis.attention.map(\.stage)) == ["pre-fusion", "language"])
            #expect(analysis.attention.allSatisfy { (0...1.0001).contains($0.weight) })
            #expect(analysis.remaining.first.map { $0.mode == "mini" && $0.kept == 1 } == true)
            let names = [
                "attention-mini", "attention-llava", "entropy-mini", "entropy-llava",
                "remaining", "maps-mini", "maps-llava",
            ]
            #expect(
                try files(out)
                    == Set(
                        names.flatMap { [$0 + ".svg", $0 + ".png"] }
                            + ["attention.csv", "remaining.csv", "analysis.json", "index.html"]))
        }

        @Test func oneModeAloneIsHalfOfIt() async throws {
            let out = folder("mini")
            let result = try await sandbox.run(
                plainly: [
                    "analyse", fox, "--mode", "mini", "--question", "Is there a fox?", "-o",
                    ProgramArgument(out),
                ])
            #expect(result.status == 0 && result.text.contains("index.html"), "\(result)")
            #expect(try files(out).contains { $0.contains("llava") } == false)
        }

        @Test func onePictureThatCannotBeDecodedSpoilsNoOther() async throws {
            let text = try sandbox.write(Data("no picture".utf8), to: "a.txt")
            let out = folder("some")
            let result = try await sandbox.run(
                plainly: [
                    "analyse", ProgramArgument(text), fox, "-o", ProgramArgument(out),
                ])
            #expect(result.status == 1)
            #expect(result.complaints.filter { $0.contains("a.txt") }.count == 1, "\(result)")
            #expect(try files(out).contains("index.html"))
        }

        @Test func whatCannotBeAnalysedIsSaidInALine() async throws {
            let out = ProgramArgument(folder("none"))
            let result = try await sandbox.run(plainly: ["analyse", clip, "-o", out])
            #expect(result.status == 1 && !result.complaints.isEmpty, "\(result)")
            for arguments in [
                ["analyse"], ["analyse", fox], ["analyse", "-o", out],
                ["analyse", fox, "--sample", "3", "-o", out],
                ["analyse", "--sample", "0", "-o", out],
                ["analyse", fox, "--mode", "both", "-o", out],
                ["analyse", fox, "--question", " ", "-o", out],
            ] as [[ProgramArgument]] {
                let result = try await sandbox.run(plainly: arguments)
                #expect(result.status == 2, "\(result)")
            }
        }
    }
}
