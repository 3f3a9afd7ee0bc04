import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Model files that mean harm are refused in words: no crash, no code run, little memory.
    @Suite struct HostileCheckpointTests {
        static let memoryLimitKiB = 200 * 1024

        @Test(arguments: HostileModel.all) func isRefusedInWords(_ hostile: HostileModel)
            async throws
        {
            let sandbox = try Sandbox()
            let mark = sandbox.path.appending("harm")
            let model = try hostile.make(in: sandbox, mark: mark)
            let picture = try sandbox.write(PictureFactory.png(1), to: "one.png")
            let target = sandbox.path.appending("converted")
            let commands: [[ProgramArgument]] = [
                ["caption", "--model", ProgramArgument(model), ProgramArgument(picture)],
                ["model", "convert", ProgramArgument(model), "--to", ProgramArgument(target)],
            ]
            // Both read alike; what takes long is tried on one of them.
            for arguments in commands.suffix(hostile.isLarge ? 1 : 2) {
                let (result, peak) = try await sandbox.runWatchingMemory(arguments)
                #expect(result.status == 1, "\(result)")
                #expect(result.output.isEmpty)
                let name = FilePath(hostile.file).lastComponent?.string ?? ""
                #expect(hostile.isLarge || result.errorText.contains(name), "\(result)")
                #expect(result.errorText.contains(hostile.answer), "\(result)")
                #expect((1..<Self.memoryLimitKiB).contains(peak), "\(peak) KiB")
                #expect(!FileManager.default.fileExists(atPath: mark.string))
                #expect(!FileManager.default.fileExists(atPath: target.string))
            }
        }
    }
}
