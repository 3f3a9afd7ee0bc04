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
    }
}
