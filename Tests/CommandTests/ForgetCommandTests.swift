import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Files that are forgotten because a person says so, and never otherwise.
    @Suite struct ForgetCommandTests {
        @Test func forgetsWhatIsNotWatchedAnyMoreAndAsksFirst() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "a/one.png")
            try sandbox.write(PictureFactory.png(2), to: "b/two.png")
            let (first, second) = (
                sandbox.pictures.appending("a"), sandbox.pictures.appending("b")
            )
            for folder in [first, second] {
                _ = try await sandbox.run("scan", ProgramArgument(folder))
            }
            let asked = try await sandbox.run("forget", "pictures/a")
            #expect(asked.status == 1, "nobody can answer here: \(asked)")
            #expect(asked.errorText.contains("Forget 1 file below"), "\(asked)")
            #expect(asked.errorText.contains("--yes"), "\(asked)")
            #expect(try await sandbox.status().files == 2)
            let forgotten = try await sandbox.run("forget", "pictures/a", "--yes")
            #expect(forgotten.status == 0, "\(forgotten)")
            #expect(
                forgotten.text == "forgot 1 file and the descriptions of 1 pictures and clips\n")
            #expect(try await sandbox.show(first.appending("one.png")) == nil)
            #expect(try await sandbox.show(second.appending("two.png")) != nil)
        }

        @Test func whatCanBeReachedStays() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let result = try await sandbox.run("forget", "pictures", "--yes")
            #expect(result.status == 0)
            #expect(result.text.hasPrefix("nothing to forget below"), "\(result)")
            #expect(result.text.contains("1 file can be reached"), "\(result)")
            #expect(try await sandbox.status().described == 1)
        }

        @Test func embeddingsOfAnotherModelGoOnlyWhenTheOneInUseHasLookedAtEveryPicture()
            async throws
        {
            let sandbox = try Sandbox(["VIGNETTE_MODEL": "photographs"])
            let other = sandbox.path.appending("former")
            try FileManager.default.copyItem(
                atPath: BuildProducts.checkout.appending("Models/photographs").string,
                toPath: other.string)
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            let first = try await sandbox.run(
                "scan", "--model", ProgramArgument(other), ProgramArgument(sandbox.pictures))
            #expect(first.status == 0, "\(first)")
            let early = try await sandbox.run("forget", "--embeddings", "--yes")
            #expect(early.status == 1, "\(early)")
            #expect(early.errorText.contains("has not looked at 1 of the described"), "\(early)")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let asked = try await sandbox.run("forget", "--embeddings")
            #expect(asked.status == 1, "nobody can answer here: \(asked)")
            #expect(asked.errorText.contains("Forget 1 embeddings by 'former'"), "\(asked)")
            let forgotten = try await sandbox.run("forget", "--embeddings", "--yes")
            #expect(
                forgotten.status == 0 && forgotten.text == "forgot 1 embeddings\n", "\(forgotten)")
            let none = try await sandbox.run("forget", "--embeddings", "--json")
            #expect(none.text == "{\"embeddings\":0}\n", "\(none)")
            let found = try await sandbox.run("search", "--match", "meaning", "--all", "a drawing")
            #expect(found.lines.count == 1, "\(found)")
        }

        @Test(arguments: [
            ["forget"], ["forget", "a", "--embeddings"], ["forget", "a", "--model", "b"],
        ])
        func whatIsToBeForgottenIsSaidOnce(words: [String]) async throws {
            let result = try await Sandbox().run(plainly: words.map { ProgramArgument($0) })
            #expect(result.status == 2, "\(result)")
        }
    }
}
