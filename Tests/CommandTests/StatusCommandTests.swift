import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct StatusCommandTests {
        @Test func statusCountsFilesByTheirState() async throws {
            let library = try await DescribedLibrary.get()
            let status = try await library.sandbox.status()
            #expect(status.files == 6)
            #expect(status.described == 5)
            #expect(status.failed == 1)
            #expect(status.queued == 0)
            #expect(status.missing == 0)
            #expect(status.daemon == nil)
            #expect(status.bytes > 0)
            #expect(status.catalogue.path == library.sandbox.catalogue)
            #expect(status.roots.map(\.path.path) == [library.sandbox.pictures])
            #expect(status.roots.first?.state == "online")
            // Copies are described once.
            #expect(status.models.map(\.described) == [4])
        }

        @Test func textNamesTheFolderAndWhatFailed() async throws {
            let library = try await DescribedLibrary.get()
            let result = try await library.run("status")
            #expect(result.status == 0)
            #expect(result.text.contains(library.sandbox.pictures.string))
            #expect(result.text.contains("broken.jpg"))
        }

        @Test func whatWasPassedOverIsNamedWhenItIsAskedFor() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            for name in ["a.txt", "b.txt", "c.aae", ".hidden.png", "README"] {
                try sandbox.write(Data("x".utf8), to: FilePath(name))
            }
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let plain = try await sandbox.run("status")
            #expect(!plain.text.contains(".txt"), "\(plain)")
            let text = try await sandbox.run("status", "--ignored")
            #expect(text.text.contains("\(sandbox.pictures): 5 files ("), "\(text)")
            #expect(text.lines.suffix(4) == ["  2 .txt", "  1 .aae", "  1 other", "  1 hidden"])
            let json = try await sandbox.run("status", "--ignored", "--json")
            let ignored = try #require(try json.decoded(IgnoredStatus.self).first?.ignored.first)
            #expect(ignored.total == 5)
            #expect(ignored.extensions == [".txt": 2, ".aae": 1, ".": 1])
            #expect(ignored.reasons == ["hidden": 1])
            #expect(ignored.path.path == sandbox.pictures)
        }

        @Test func newWorkIsCountedWithItsRateWhenSomeOfItWasDone() async throws {
            let sandbox = try Sandbox(["VIGNETTE_CAPTIONING_ANSWER_TOKENS": "60"])
            for number in 0..<300 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("\(number).png"))
            }
            let scan = try RunningProgram(
                sandbox.launch(
                    sandbox.onCatalogue(["scan", ProgramArgument(sandbox.pictures)])))
            // A rate is known after a second of work.
            try await eventually("the rate is known") {
                try await Self.work(of: sandbox)?.new.rate != nil
            }
            #expect(try await scan.stop().status == 3)
            let work = try #require(try await Self.work(of: sandbox))
            let left = try #require(work.new.secondsLeft, "the next process knows it too")
            #expect(work.new.done > 0 && work.new.left > 0 && left > 0)
            #expect(work.redo.left == 0 && work.redo.rate == nil)
            let text = try await sandbox.run("status").text
            #expect(text.contains("\(work.new.left) left"), "\(text)")
            #expect(text.contains("of work left"), "\(text)")
        }

        private static func work(of sandbox: Sandbox) async throws -> WorkStatus.Work? {
            try await sandbox.run("status", "--json").decoded(WorkStatus.self).first?.work
        }

        private struct WorkStatus: Decodable {
            struct Part: Decodable {
                var done: Int
                var left: Int
                var rate: Double?
                var secondsLeft: Double?
            }
            struct Work: Decodable {
                var new: Part
                var redo: Part
            }
            var work: Work
        }

        private struct IgnoredStatus: Decodable {
            struct Folder: Decodable {
                var path: ReportedPath
                var total: Int
                var extensions: [String: Int]
                var reasons: [String: Int]
            }
            var ignored: [Folder]
        }

        @Test func runningDaemonIsNamed() async throws {
            let sandbox = try Sandbox()
            let daemon = try sandbox.watch()
            try await eventually("status names the daemon") {
                (try? await sandbox.status())?.daemon == daemon.processID
            }
            _ = try await daemon.stop()
            #expect(try await sandbox.status().daemon == nil)
        }
    }
}
