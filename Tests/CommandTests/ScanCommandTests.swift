import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct ScanCommandTests {
        @Test func scanPrintsALineForEachPictureAndNamesWhatFailed() async throws {
            let library = try await DescribedLibrary.get()
            let scan = library.scan
            #expect(scan.status == 0, "\(scan)")
            // Two of the five are one picture, which is told of once.
            #expect(scan.lines.count == 4, "\(scan)")
            for line in scan.lines {
                let parts = line.components(separatedBy: "  ")
                #expect(DescribedLibrary.pictures[FilePath(parts[0])] != nil, "\(line)")
                #expect(line.hasSuffix("]") && line.contains("  ["), "\(line)")
            }
            let complaints = scan.errorLines.filter { $0.contains("broken.jpg") }
            #expect(complaints.count == 1, "\(scan)")
        }

        @Test func secondScanHasNothingToDo() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            let first = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let second = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(first.lines.count == 1, "\(first)")
            #expect(second.status == 0 && second.lines.isEmpty, "\(second)")
        }

        @Test func aScanThatIsEndedEarlySaysSoByItsStatusAndGoesOnNextTime() async throws {
            let sandbox = try Sandbox(["VIGNETTE_CAPTIONING_ANSWER_TOKENS": "60"])
            for number in 0..<300 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("\(number).png"))
            }
            let scan = try RunningProgram(
                sandbox.launch(
                    sandbox.onCatalogue(["scan", ProgramArgument(sandbox.pictures)])))
            try await eventually("it is at work") { !scan.output.lines.isEmpty }
            let ended = try await scan.stop()
            #expect(ended.status == 3, "\(ended)")
            #expect(ended.lines.count < 300)
            let next = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(next.status == 0, "\(next)")
            #expect(ended.lines.count + next.lines.count == 300)
        }

        @Test func newPicturesGetTheNewModelAndOldOnesKeepWhatTheyHave() async throws {
            let sandbox = try Sandbox()
            let model = sandbox.path.appending("other")
            try FileManager.default.copyItem(
                atPath: BuildProducts.checkout.appending("Models/demo").string,
                toPath: model.string)
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let before = try await sandbox.run("show", "--json", "pictures/one.png")
            for number in 2...3 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("\(number).png"))
            }
            let scan = try await sandbox.run(
                "scan", "--model", ProgramArgument(model), ProgramArgument(sandbox.pictures))
            #expect(scan.lines.count == 2, "\(scan)")
            let after = try await sandbox.run("show", "--json", "pictures/one.png")
            #expect(before.lines == after.lines && !before.lines.isEmpty)
            let status = try await sandbox.status()
            #expect(status.described == 3)
            let counts = status.models.reduce(into: [String: Int]()) {
                $0[String($1.model.prefix { $0 != "@" })] = $1.described
            }
            #expect(counts == ["demo": 1, "other": 2])
        }

        @Test func theLastLineSaysWhatWasPassedOver() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            for name in ["a.txt", "b.txt", "c.aae", ".hidden.png"] {
                try sandbox.write(Data("x".utf8), to: FilePath(name))
            }
            let result = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(
                result.errorLines.last == "4 files passed over: 2 .txt, 1 .aae, 1 hidden",
                "\(result)")
        }

        /// Another folder's backlog is not this scan's.
        @Test func aScanDoesNotWorkOnFoldersThatItWasNotGiven() async throws {
            let sandbox = try Sandbox(["VIGNETTE_CAPTIONING_ANSWER_TOKENS": "60"])
            for number in 0..<200 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("big/\(number).png"))
            }
            try sandbox.write(PictureFactory.png(999), to: "small/one.png")
            let big = sandbox.pictures.appending("big")
            let scan = try RunningProgram(
                sandbox.launch(sandbox.onCatalogue(["scan", ProgramArgument(big)])))
            try await eventually("it is at work") { !scan.output.lines.isEmpty }
            #expect(try await scan.stop().status == 3)
            let small = sandbox.pictures.appending("small")
            let other = try await sandbox.run("scan", ProgramArgument(small))
            #expect(other.status == 0)
            #expect(other.lines.count == 1, "\(other)")
            #expect(try await sandbox.status().queued > 0)
        }

        @Test func scanSaysTheSameInJSON() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.write(PictureFactory.png(1), to: "one.png")
            let result = try await sandbox.run("scan", "--json", ProgramArgument(sandbox.pictures))
            let lines = try result.decoded(ScannedFile.self)
            #expect(lines.map(\.path.path.lastComponent) == [file.lastComponent])
            #expect(result.status == 0)
        }

        @Test func scanOfSeveralFoldersDescribesAll() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "a/one.png")
            try sandbox.write(PictureFactory.png(2), to: "b/two.png")
            let result = try await sandbox.run(
                "scan", ProgramArgument(sandbox.pictures.appending("a")),
                ProgramArgument(sandbox.pictures.appending("b")))
            #expect(result.status == 0)
            #expect(result.lines.count == 2, "\(result)")
            #expect(try await sandbox.status().roots.count == 2)
        }

        @Test func folderThatIsNotThereIsNamed() async throws {
            let sandbox = try Sandbox()
            let result = try await sandbox.run("scan", "nowhere")
            #expect(result.status == 1)
            #expect(result.output.isEmpty)
            #expect(result.complaints.count == 1, "\(result)")
            #expect(result.complaints.first?.contains("nowhere") == true, "\(result)")
        }

        @Test func scanWithoutAnyFolderSaysWhereToListThem() async throws {
            let result = try await Sandbox().run("scan")
            #expect(result.status == 1)
            #expect(result.complaints.count == 1, "\(result)")
            #expect(result.complaints.first?.contains("vignette.yaml") == true, "\(result)")
        }

        @Test func foldersOfTheConfigurationAreScanned() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            let configuration = sandbox.path.appending("config/vignette/vignette.yaml")
            try sandbox.configure("folders:\n  - \(sandbox.pictures.string)\n")
            let result = try await sandbox.run("scan", "--config", ProgramArgument(configuration))
            #expect(result.lines.count == 1, "\(result)")
        }

        private struct ScannedFile: Decodable {
            var path: ReportedPath
            var caption: String
            var tags: [String]
        }
    }
}
