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

        @Test func picturesAreLikeThemselves() async throws {
            _ = try await scan()
            let fox = sandbox.pictures.appending("fox-lake-cloudy.jpg")
            let others = try await sandbox.run("similar", "--json", ProgramArgument(fox))
                .decoded(FoundByMeaning.self)
            #expect(others.count == 2 && !others.contains { $0.path == fox.string })
            // The same picture under a name that the catalogue does not know.
            let stranger = sandbox.path.appending("stranger.jpg")
            try FileManager.default.copyItem(atPath: fox.string, toPath: stranger.string)
            let like = try await sandbox.run("similar", "--json", ProgramArgument(stranger))
                .decoded(FoundByMeaning.self)
            #expect(like.first?.path == fox.string)
            #expect(like.first.map { $0.similarity > 0.99 } == true)
            let none = try await sandbox.run("similar", "no-such.jpg")
            #expect(none.status == 1 && none.errorText.contains("no-such.jpg"), "\(none)")
        }

        /// The model for drawings makes no embeddings: its vision tokens are compared.
        @Test func withoutEmbeddingsPicturesAreLikeEachOtherByTheirTokens() async throws {
            _ = try await scan(model: "demo")
            let fox = sandbox.pictures.appending("fox-lake-cloudy.jpg")
            let stranger = sandbox.path.appending("stranger.jpg")
            try FileManager.default.copyItem(atPath: fox.string, toPath: stranger.string)
            let others = try await sandbox.run(
                "similar", "--model", "demo", "--json", ProgramArgument(fox)
            ).decoded(FoundByMeaning.self)
            #expect(others.count == 2 && !others.contains { $0.path == fox.string })
            let like = try await sandbox.run(
                "similar", "--model", "demo", "--json", ProgramArgument(stranger)
            ).decoded(FoundByMeaning.self)
            #expect(like.first?.path == fox.string)
            #expect(like.first.map { $0.similarity > 0.99 } == true)
            let clip = sandbox.pictures.appending("castle-rainbow.mp4")
            let moments = try await sandbox.run(
                "moments", "--model", "demo", "--json", "--all", "--like", ProgramArgument(clip)
            ).decoded(FoundMoment.self)
            #expect(moments.first?.path == clip.string)
            let note = sandbox.path.appending("note.jpg")
            try Data("no picture".utf8).write(to: URL(filePath: note.string))
            let wrong = try await sandbox.run("similar", "--model", "demo", ProgramArgument(note))
            #expect(wrong.status == 1 && wrong.complaints.count == 1, "\(wrong)")
        }

        @Test(arguments: ["demo", "photographs"])
        func picturesAreFoundByATokenThatWasCopied(_ model: String) async throws {
            _ = try await scan(model: model)
            let fox = sandbox.pictures.appending("fox-lake-cloudy.jpg")
            let token = try await sandbox.run("show", "--tokens", ProgramArgument(fox))
            #expect(token.lines.count == 1 && token.text.hasPrefix("token:"), "\(token)")
            let like = try await sandbox.run(
                "similar", "--model", ProgramArgument(model), "--json",
                ProgramArgument(token.lines[0])
            ).decoded(FoundByMeaning.self)
            #expect(like.count == 3 && like.first?.path == fox.string)
            #expect(like.first.map { $0.similarity > 0.99 } == true)
            let clip = sandbox.pictures.appending("castle-rainbow.mp4")
            let seconds = try await sandbox.run("show", "--tokens", ProgramArgument(clip)).lines
            #expect(seconds.count > 1)
            let strange = try await sandbox.run(
                "similar", "--model", ProgramArgument(model), "token:AAAAAAAA")
            #expect(strange.status == 1 && strange.complaints.count == 1, "\(strange)")
            let wrong = try await sandbox.run("similar", "token:!")
            #expect(wrong.status == 64 || wrong.status == 2, "\(wrong)")
        }

        @Test func withoutAnythingDescribedNothingIsCompared() async throws {
            _ = try await scan()
            let none = try await sandbox.run("similar", "--model", "demo", "stranger.jpg")
            #expect(none.status == 1, "\(none)")
            #expect(none.errorText.contains("no picture has been described by 'demo'"), "\(none)")
        }

        @Test func secondsOfAClipAreFoundByAFrameOfIt() async throws {
            _ = try await scan()
            let clip = sandbox.pictures.appending("castle-rainbow.mp4")
            let found = try await sandbox.run(
                "moments", "--json", "--all", "--like", ProgramArgument(clip))
            let moments = try found.decoded(FoundMoment.self)
            #expect(moments.first?.path == clip.string)
            #expect(moments.allSatisfy { $0.start < $0.end && $0.reasons.count == 1 })
            let text = try await sandbox.run("moments", "--all", "castle")
            #expect(text.text.contains(" 00:00–00:"), "\(text)")
            let wrong = try await sandbox.run("moments")
            #expect(wrong.status == 2, "\(wrong)")
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

private struct FoundMoment: Decodable {
    let path: String?
    let start: Double
    let end: Double
    let reasons: [String]
}
