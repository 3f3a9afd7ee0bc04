import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct ModelConvertCommandTests {
        private let sandbox: Sandbox
        private let model: DamagedModel
        private var target: FilePath { sandbox.path.appending("damaged-q4") }

        init() throws {
            sandbox = try Sandbox()
            model = try DamagedModel(in: sandbox)
        }

        /// Whatever of the conversion stands beside the model.
        private func traces() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: sandbox.path.string)
                .filter { $0.contains("damaged-q4") }.sorted()
        }

        private func convert(_ more: ProgramArgument...) async throws -> ProgramResult {
            try await sandbox.run(
                plainly: ["model", "convert", ProgramArgument(model.folder)] + more)
        }

        @Test func makesAModelThatDescribes() async throws {
            let result = try await convert()
            #expect(result.status == 0, "\(result)")
            #expect(result.lines.first == target.string)
            #expect(result.text.contains("packed matrices"))
            #expect(result.errors.isEmpty, "\(result)")
            let picture = try sandbox.write(PictureFactory.png(1), to: "one.png")
            let caption = try await sandbox.run(
                plainly: ["caption", "--model", ProgramArgument(target), ProgramArgument(picture)])
            #expect(caption.status == 0, "\(caption)")
            #expect(caption.lines.count == 1)
        }

        @Test func tellsProgramsWhatItDid() async throws {
            let place = sandbox.path.appending("elsewhere/small")
            let result = try await convert("--json", "--bits", "8", "--to", ProgramArgument(place))
            #expect(result.status == 0, "\(result)")
            let line = try #require(
                try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
            #expect(line["path"] as? String == place.string)
            #expect(line["bits"] as? Int == 8)
            let (before, after) = (line["bytesBefore"] as? Int, line["bytesAfter"] as? Int)
            #expect(try #require(after) < #require(before))
            #expect(try #require(line["largestError"] as? Double) < 0.01)
        }

        @Test func killedItLeavesNothingThatIsTakenForAModel() async throws {
            for delay in [0, 30, 100, 200] {
                let program = try RunningProgram(
                    sandbox.launch(["model", "convert", ProgramArgument(model.folder)]))
                try await eventually("it has begun, or ended", every: .milliseconds(2)) {
                    try !traces().isEmpty || !program.isRunning
                }
                try await Task.sleep(for: .milliseconds(delay))
                let result = try await program.stop(SIGKILL)
                guard result.status == nil else { break }
                #expect(try traces() == [".damaged-q4.converting"])
            }
            // It may have come to its end between two looks.
            if FileManager.default.fileExists(atPath: target.string) { return }
            let result = try await convert()
            #expect(result.status == 0, "\(result)")
            #expect(try traces() == ["damaged-q4"])
        }

        @Test func replacesNothing() async throws {
            let file = target
            try Data("mine".utf8).write(toExactly: file)
            let result = try await convert()
            #expect(result.status == 1)
            #expect(result.errorText.contains("exists already"), "\(result)")
            #expect(try Data(exactly: file) == Data("mine".utf8))
            #expect(try traces() == ["damaged-q4"])
        }

        @Test func listsAllTensorsThatDoNotFit() async throws {
            // The tower's, which no index lists.
            let file = try #require(model.weightFiles.last)
            let names = try model.shapes(in: file).keys.sorted().prefix(3)
            for name in names { try model.rename(name, in: file) }
            let result = try await convert()
            #expect(result.status == 1)
            #expect(names.count == 3)
            for name in names { #expect(result.errorText.contains("\n  \(name) ["), "\(result)") }
            #expect(try traces().isEmpty)
        }

        @Test func aDiskThatRefusesTheBytesIsNamedAndLeftClean() async throws {
            // The kernel refuses every write beyond a size, whatever the disk.
            let result = try await sandbox.shell(
                "trap '' XFSZ; ulimit -f 256; exec \"$PROGRAM\" model convert \"$1\"",
                arguments: [model.folder])
            #expect(result.status == 1, "\(result)")
            #expect(result.errorText.contains("cannot be written"), "\(result)")
            #expect(try traces().isEmpty)
        }

        @Test(arguments: [["--bits", "5"], ["--bits", "many"], ["more"]])
        func wrongUsageExitsWithTwo(_ arguments: [String]) async throws {
            let result = try await sandbox.run(
                plainly: ["model", "convert", ProgramArgument(model.folder)]
                    + arguments.map { ProgramArgument($0) })
            #expect(result.status == 2, "\(result)")
            #expect(result.output.isEmpty)
        }
    }
}
