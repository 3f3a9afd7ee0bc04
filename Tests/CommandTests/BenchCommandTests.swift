import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct BenchCommandTests {
        /// The demo's sizes, as in `ModelShape`.
        private enum Demo {
            static let width = 192
            static let wide = 512
            static let layers = 4
            static let vocabulary = 1895
        }

        private static func figures(_ arguments: ProgramArgument...) async throws -> [BenchFigure] {
            let result = try await Sandbox().run(
                plainly: ["bench", "--shape", "demo", "--quick", "--json"] + arguments)
            #expect(result.status == 0, "\(result)")
            #expect(result.errors.isEmpty, "\(result)")
            return try result.decoded(BenchFigure.self)
        }

        @Test(arguments: ["4", "8", "32"]) func everyLineIsAnObjectBesideItsCeiling(
            bits: String
        ) async throws {
            let figures = try await Self.figures("--bits", ProgramArgument(bits), "--threads", "2")
            let sections = Set(figures.map(\.section))
            #expect(
                sections == [
                    "ceilings", "prefill", "decoding", "image", "embedding", "pictures", "paper",
                ])
            for figure in figures where figure.seconds != nil {
                let ratio = try #require(figure.ratio, "\(figure)")
                #expect(ratio > 0 && ratio.isFinite)
                #expect(["int8", "float32", "memory"].contains(figure.ceiling))
            }
            for figure in figures where figure.section == "ceilings" {
                #expect(figure.value > 0 && figure.note?.isEmpty == false)
            }
        }

        @Test func onlyWhatIsAskedForIsMeasured() async throws {
            let figures = try await Self.figures("--only", "decoding", "--only", "image")
            #expect(Set(figures.map(\.section)) == ["decoding", "image"])
        }

        @Test(arguments: ["4", "32"]) func operationsAreThoseOfTheFormula(bits: String) async throws
        {
            let figures = try await Self.figures("--bits", ProgramArgument(bits))
            let prefill = figures.filter { $0.section == "prefill" }
            #expect(prefill.map(\.name) == ["prefill of 64 tokens", "prefill of 640 tokens"])
            for (figure, tokens) in zip(prefill, [64, 640]) {
                let counted = try #require(figure.operations)
                let bounds = Self.prefillOperations(tokens)
                #expect(bounds.contains(counted), "\(tokens): \(counted) of \(bounds)")
            }
        }

        @Test func llavaMiniCostsLessThanLLaVA() async throws {
            let figures = try await Self.figures().filter { $0.section == "paper" }
            let mini = figures.filter { $0.name.hasPrefix("LLaVA-Mini, ") && $0.ratio != nil }
            #expect(mini.count == 4)
            // 64 patches against one token.
            #expect(mini.first { $0.name.hasSuffix("memory an image") }?.ratio == 64)
            #expect(mini.first { $0.name == "LLaVA-Mini, operations" }.map { $0.value > 0 } == true)
        }

        @Test func aModelFolderIsMeasured() async throws {
            let result = try await Sandbox().run(
                plainly: [
                    "bench", "--quick",
                    "--model", ProgramArgument(BuildProducts.checkout.appending("Models/demo")),
                ])
            #expect(result.status == 0, "\(result)")
            #expect(result.lines.contains("what the machine can do"))
            #expect(result.lines.contains { $0.contains("prefill of 640 tokens") })
        }

        /// 32 bits of the released shape are 36 GB.
        @Test(.enabled(if: freeGigabytes < 32)) func whatDoesNotFitIntoMemoryIsRefused()
            async throws
        {
            let result = try await Sandbox().run(plainly: ["bench", "--bits", "32"])
            #expect(result.status == 1, "\(result)")
            #expect(result.output.isEmpty)
            #expect(result.errorText.contains("GB of memory"))
        }

        private static let freeGigabytes: Int = {
            let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable") }
            let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            return (kilobytes ?? 0) / 1_000_000
        }()

        /// From the matrices alone, up to those and every query with every key.
        ///
        /// Of the last layer only keys and values are needed, but for the last token, whose logits
        /// are wanted too.
        private static func prefillOperations(_ tokens: Int) -> ClosedRange<UInt64> {
            let (width, layers) = (Demo.width, Demo.layers)
            let keyValues = 2 * width * width
            let layer = 4 * width * width + 3 * width * Demo.wide
            let matrices =
                tokens * ((layers - 1) * layer + keyValues) + (layer - keyValues)
                + width * Demo.vocabulary
            let attention = layers * 2 * tokens * tokens * width
            return UInt64(2 * matrices)...UInt64(2 * (matrices + attention))
        }
    }
}

/// A line of `vignette bench --json`.
private struct BenchFigure: Decodable {
    let section: String
    let name: String
    let value: Double
    let unit: String
    let seconds: Double?
    let operations: UInt64?
    let ceiling: String?
    let ratio: Double?
    let note: String?
}
