import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Catalogues on media that cannot be written, such as a snapshot or a backup.
    @Suite(.enabled(if: MountNamespace.isAvailable, Comment(rawValue: MountNamespace.requirement)))
    struct ReadOnlyCatalogueTests {
        /// What stands beside the catalogue's file.
        enum Beside: CaseIterable {
            case nothing
            case log
            case logAndItsIndex
            /// An index of an earlier moment.
            case logAndStaleIndex
            case logAndEmptyIndex
            case emptyLog
            case indexOnly
        }

        @Test(arguments: Beside.allCases)
        func readingCommandsSayWhatTheySayElsewhere(beside: Beside) async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "boat.png")
            try sandbox.write(PictureFactory.png(2), to: "mountain.png")
            try await Self.make(beside, in: sandbox)
            let temporary = sandbox.path.appending("temporary")
            try FileManager.default.createDirectory(
                atPath: temporary.string, withIntermediateDirectories: true)
            let commands: [[ProgramArgument]] = [
                ["search", "--json"], ["search", "boat"], ["tags"], ["status", "--json"],
                ["status"], ["show", ProgramArgument(sandbox.pictures.appending("boat.png"))],
            ]
            let before = Self.contents(sandbox)
            var found: [ProgramResult] = []
            for command in commands {
                let result = try await Self.runReadOnly(command, sandbox, temporary)
                #expect(result.status == 0, "\(beside): \(result)")
                #expect(!result.output.isEmpty && result.errors.isEmpty, "\(beside): \(result)")
                found.append(result)
            }
            #expect(Self.contents(sandbox) == before)
            #expect(FileTree.walk(temporary).isEmpty, "copies are removed")
            for (command, result) in zip(commands, found) {
                let writable = try await sandbox.run(plainly: sandbox.onCatalogue(command))
                #expect(result.text == writable.text, "\(beside)")
            }
        }

        @Test func changingCommandsAreRefusedInOneLine() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "boat.png")
            try await Self.make(.nothing, in: sandbox)
            for command in [
                ["retry", "--all"], ["redo"], ["scan", ProgramArgument(sandbox.pictures)],
            ] as [[ProgramArgument]] {
                let result = try await Self.runReadOnly(command, sandbox, sandbox.path)
                #expect(result.status == 1, "\(result)")
                #expect(result.complaints.count == 1, "\(result)")
                #expect(result.errorText.contains(sandbox.catalogue.string), "\(result)")
            }
        }

        private static func make(_ beside: Beside, in sandbox: Sandbox) async throws {
            let log = sandbox.catalogue.string + "-wal"
            let index = sandbox.catalogue.string + "-shm"
            guard ![.nothing, .emptyLog, .indexOnly].contains(beside) else {
                let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
                try #require(scan.status == 0, "\(scan)")
                for file in [log, index] { unlink(file) }
                if beside == .emptyLog { try Data().write(toExactly: FilePath(log)) }
                if beside == .indexOnly {
                    try Data(count: 32768).write(toExactly: FilePath(index))
                }
                return
            }
            let daemon = try sandbox.watch()
            try await eventually("both are described") { daemon.output.lines.count == 2 }
            let earlier = try Data(contentsOf: URL(fileURLWithPath: index))
            try sandbox.write(PictureFactory.png(3), to: "wide.png")
            try await eventually("the third is described") { daemon.output.lines.count == 3 }
            _ = try await daemon.stop(SIGKILL)
            let size = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int
            try #require(size ?? 0 > 0, "what was described is in the log")
            switch beside {
            case .log: unlink(index)
            case .logAndStaleIndex: try earlier.write(toExactly: FilePath(index))
            case .logAndEmptyIndex: try Data().write(toExactly: FilePath(index))
            default: break
            }
        }

        /// Runs a subcommand where the catalogue's folder is mounted for reading only.
        private static func runReadOnly(
            _ command: [ProgramArgument], _ sandbox: Sandbox, _ temporary: FilePath
        ) async throws -> ProgramResult {
            var launch = try sandbox.launch(
                sandbox.onCatalogue(command), settings: ["TMPDIR": temporary.string])
            let script = """
                mount --make-rprivate /; mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"
                shift; exec "$@"
                """
            launch.arguments =
                [
                    "-m", "sh", "-ec", ProgramArgument(script), "sh",
                    ProgramArgument(sandbox.catalogue.removingLastComponent()),
                    ProgramArgument(launch.executable),
                ] + launch.arguments
            launch.executable = "/usr/bin/unshare"
            return try await RunningProgram(launch).result(within: .seconds(60))
        }

        private static func contents(_ sandbox: Sandbox) -> [String: Data?] {
            let files = FileTree.walk(sandbox.catalogue.removingLastComponent())
                .filter { $0.type == S_IFREG }.map(\.path.string)
            return Dictionary(
                uniqueKeysWithValues: files.map {
                    ($0, try? Data(contentsOf: URL(fileURLWithPath: $0)))
                })
        }
    }
}
