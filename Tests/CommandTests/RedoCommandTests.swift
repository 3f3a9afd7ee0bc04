import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Pictures that are described again.
    @Suite struct RedoCommandTests {
        @Test func describesAgainWhatAnotherModelDescribed() async throws {
            let sandbox = try Sandbox()
            for number in 1...3 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("\(number).png"))
            }
            let model = try sandbox.copyModel(named: "other")
            _ = try await sandbox.run(
                "scan", "--model", ProgramArgument(model), ProgramArgument(sandbox.pictures))
            let dry = try await sandbox.run("redo", "--dry-run", "--json")
            #expect(try dry.decoded(Redone.self).map(\.pictures) == [3], "\(dry)")
            let hint =
                "3 pictures were described by other models or prompts; 'vignette redo' renews them"
            for command in ["status", "doctor"] as [ProgramArgument] {
                #expect(try await sandbox.run(command).text.contains(hint))
            }
            #expect(try await sandbox.status().older == 3)
            let old = try await sandbox.show(sandbox.pictures.appending("1.png"))
            let redo = try await sandbox.run("redo", "--described-by", "other", "pictures/1.png")
            #expect(redo.status == 0, "\(redo)")
            #expect(redo.text.hasPrefix("1 picture or clip will be described again by demo@"))
            #expect(
                try await sandbox.show(sandbox.pictures.appending("1.png")) == old,
                "the old text stays until the new one is there")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.lines.count == 1, "\(scan)")
            let shown = try await sandbox.show(sandbox.pictures.appending("1.png"))
            #expect(shown?.descriptions.first?.model?.hasPrefix("demo@") == true, "\(shown as Any)")
            let left = try await sandbox.run("redo", "--dry-run", "--json")
            #expect(try left.decoded(Redone.self).map(\.pictures) == [2])
            #expect(try await sandbox.status().older == 2)
        }

        @Test func aDaemonTakesTheWorkUpAtOnce() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            let daemon = try sandbox.watch()
            try await eventually("the first description") { daemon.output.lines.count == 1 }
            let redo = try await sandbox.run("redo", "pictures/one.png")
            #expect(redo.status == 0, "\(redo)")
            try await eventually("the second description") { daemon.output.lines.count == 2 }
            #expect(try await daemon.stop().status == 0)
        }

        /// Work that only another model can do must not keep a scan from ending.
        @Test func aScanDoesNotWaitForWorkOfAnotherModel() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let model = try sandbox.copyModel(named: "other")
            let redo = try await sandbox.run("redo", "--model", ProgramArgument(model), "--json")
            #expect(try redo.decoded(Redone.self).map(\.pictures) == [1], "\(redo)")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0 && scan.lines.isEmpty, "\(scan)")
            let other = try await sandbox.run(
                "scan", "--model", ProgramArgument(model), ProgramArgument(sandbox.pictures))
            #expect(other.lines.count == 1, "\(other)")
        }

        @Test func choosesByDayAndTag() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            let model = try sandbox.copyModel(named: "other")
            _ = try await sandbox.run(
                "scan", "--model", ProgramArgument(model), ProgramArgument(sandbox.pictures))
            let tag = try #require(
                try await sandbox.run("tags", "--json").decoded(CountedTag.self).first?.tag)
            for (options, count) in [
                (["--before", "2001-01-31"], 0), (["--before", "2999-01-31"], 1),
                (["--tag", "no such tag"], 0), (["--tag", tag], 1),
                (["--described-by", "nobody"], 0), (["--described-by", "other"], 1),
            ] {
                let redo = try await sandbox.run(
                    plainly: sandbox.onCatalogue(
                        ["redo", "--dry-run", "--json"] + options.map { ProgramArgument($0) }))
                #expect(try redo.decoded(Redone.self).map(\.pictures) == [count], "\(redo)")
            }
            let wrong = try await sandbox.run("redo", "--before", "31.1.2025")
            #expect(wrong.status == 2, "\(wrong)")
        }

        private struct Redone: Decodable {
            var pictures: Int
        }
    }
}
