import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Pictures that are found by what they show, with the bundled model for photographs.
    @Suite struct MeaningSearchTests {
        private let sandbox: Sandbox

        init() throws {
            sandbox = try Sandbox(["VIGNETTE_MODEL": "photographs"])
            for name in [
                "fox-lake-cloudy.jpg", "giraffe-playground-rain.jpg", "castle-rainbow.mp4",
            ] {
                try FileManager.default.copyItem(
                    atPath: BuildProducts.checkout.appending("Samples").appending(name).string,
                    toPath: sandbox.pictures.appending(name).string)
            }
        }

        private var index: FilePath { FilePath(sandbox.catalogue.string + ".vectors") }

        private func scan(model: String = "photographs") async throws -> ProgramResult {
            let scan = try await sandbox.run(
                "scan", "--model", ProgramArgument(model), ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0, "\(scan)")
            return scan
        }

        private func found() async throws -> [FoundByMeaning] {
            try await sandbox.run("search", "--json", "--match", "meaning", "--all", "an animal")
                .decoded(FoundByMeaning.self)
        }

        @Test func picturesAndSecondsOfClipsAreFound() async throws {
            _ = try await scan()
            let found = try await found()
            #expect(found.count == 3)
            #expect(found.allSatisfy { $0.reasons.contains { $0.hasPrefix("meaning ") } })
            #expect(found.map(\.similarity) == found.map(\.similarity).sorted(by: >))
            #expect(found.filter { $0.second != nil }.map(\.kind) == ["video"])
        }

        @Test func whatAnotherModelDescribedIsMadeFindable() async throws {
            _ = try await scan(model: "demo")
            let none = try await sandbox.run("search", "--match", "meaning", "an animal")
            #expect(none.status == 1, "\(none)")
            #expect(
                none.errorText.contains(
                    "no picture has been looked at by 'photographs' for its meaning yet"))
            let status = try await sandbox.run("search", "animal")
            #expect(status.status == 0 && status.errors.isEmpty, "\(status)")
            let again = try await scan()
            #expect(again.lines.isEmpty, "nothing is described again: \(again)")
            #expect(try await found().count == 3)
        }

        @Test func aDamagedOrMissingIndexIsBuiltAnew() async throws {
            _ = try await scan()
            let before = try await found()
            let whole = try Data(contentsOf: URL(filePath: index.string))
            for damage in [Data(), whole.prefix(100), whole.prefix(whole.count / 2), nil] {
                if let damage {
                    try damage.write(to: URL(filePath: index.string))
                } else {
                    try FileManager.default.removeItem(atPath: index.string)
                }
                #expect(try await found() == before)
            }
        }

        @Test func wordsThatNoTextTowerKnowsAreWordsAlone() async throws {
            _ = try await scan()
            let result = try await sandbox.run("search", "лиса")
            #expect(result.status == 0)
            #expect(
                result.errorText
                    == "vignette: found by words alone: only English ones are known by their meaning\n"
            )
            let meaning = try await sandbox.run("search", "--match", "meaning", "лиса")
            #expect(meaning.status == 1, "\(meaning)")
        }
    }
}

private struct FoundByMeaning: Decodable, Equatable {
    let path: String?
    let kind: String
    let similarity: Float
    let second: Int?
    let reasons: [String]
}
