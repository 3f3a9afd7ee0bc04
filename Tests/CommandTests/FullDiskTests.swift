import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// No room for the catalogue: one clear line, and nothing lost.
    @Suite struct FullDiskTests {
        /// Whether a file system of our own can be mounted here.
        static let canMount =
            FileManager.default.isExecutableFile(atPath: "/usr/bin/unshare")
            && isSuccess("unshare -rm mount -t tmpfs -o size=1m tmpfs /mnt")

        /// The kernel refuses every write beyond a size, whatever the disk, and needs no privilege.
        @Test func writesThatFailEndTheScanAndLoseNothing() async throws {
            let sandbox = try Sandbox()
            let first = try sandbox.write(PictureFactory.png(1), to: "first/one.png")
            _ = try await sandbox.run(
                "scan", ProgramArgument(sandbox.pictures.appending("first")))
            let before = try #require(try await sandbox.show(first))
            for number in 10..<200 {
                try sandbox.write(PictureFactory.png(number), to: FilePath("first/\(number).png"))
            }
            // A signal by default; ignored, the write itself fails.
            let script = """
                trap '' XFSZ; ulimit -f 256
                exec "$PROGRAM" scan "$1" --catalogue "$CATALOGUE"
                """
            let full = try await sandbox.shell(
                script, arguments: [sandbox.pictures.appending("first")])
            #expect(full.status == 1, "\(full)")
            #expect(full.complaints.count == 1, "\(full)")
            #expect(full.complaints.first?.contains(sandbox.catalogue.string) == true, "\(full)")

            #expect(try CatalogueReader(sandbox.catalogue).integrity() == ["ok"])
            #expect(try await sandbox.show(first)?.descriptions == before.descriptions)
            let told = full.lines.compactMap { $0.components(separatedBy: "  ").first }
            let known = try Set(
                CatalogueReader(sandbox.catalogue).files().filter(\.isDescribed)
                    .compactMap { $0.path.lastComponent?.string })
            #expect(Set(told).subtracting(known).isEmpty, "told and lost")

            let again = try await sandbox.run(
                "scan", ProgramArgument(sandbox.pictures.appending("first")))
            #expect(again.status == 0, "\(again)")
            let status = try await sandbox.status()
            #expect(status.described == 191 && status.failed == 0, "\(status)")
        }

        @Test(.enabled("a file system can be mounted") { canMount })
        func daemonWaitsForRoomAndGoesOn() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(PictureFactory.png(1), to: "one.png")
            let script = """
                mkdir small && mount -t tmpfs -o size=16m tmpfs small && mkdir small/state
                catalogue=small/state/catalogue.sqlite
                count() { grep -c . out; }
                until_true() { for i in $(seq 900); do eval "$1" && return; sleep 0.1; done
                    echo "never: $1"; tail -n 5 out err; exit 9; }
                "$PROGRAM" watch "$1" --catalogue $catalogue >out 2>err & daemon=$!
                trap 'kill -9 $daemon 2>/dev/null' EXIT
                until_true '[ "$(count)" -ge 1 ]'
                cat /dev/zero >small/filler 2>/dev/null
                for i in $(seq 2 40); do cp "$2/$i.png" "$1/"; done
                until_true 'grep -q "disk is full" err'
                rm small/filler
                until_true '[ "$(count)" -ge 40 ]'
                kill -TERM $daemon; wait $daemon; echo "status $?"
                "$PROGRAM" status --json --catalogue $catalogue
                grep -c "disk is full" err
                """
            let source = sandbox.path.appending("source")
            try FileManager.default.createDirectory(
                atPath: source.string, withIntermediateDirectories: true)
            for number in 2...40 {
                try PictureFactory.png(number).write(toExactly: source.appending("\(number).png"))
            }
            let inner = sandbox.path.appending("script.sh")
            try Data(script.utf8).write(toExactly: inner)
            let result = try await sandbox.shell(
                "unshare -rm bash \"$3\" \"$1\" \"$2\"",
                arguments: [sandbox.pictures, source, inner], within: .seconds(400))
            #expect(result.lines.first == "status 0", "\(result)")
            #expect(result.text.contains("\"described\":40,"), "\(result)")
            // Said now and then, not once for each of the forty files.
            #expect(result.lines.last.flatMap { Int($0) } ?? 99 <= 10, "\(result)")
        }

        @Test func catalogueInAFolderThatCannotBeMadeIsNamed() async throws {
            let sandbox = try Sandbox()
            let result = try await sandbox.run(
                plainly: [
                    "scan", ProgramArgument(sandbox.pictures), "--catalogue", "/proc/no/c.sqlite",
                ])
            #expect(result.status == 1)
            #expect(result.complaints.count == 1, "\(result)")
            #expect(result.complaints.first?.contains("/proc/no") == true)
        }

        @Test func catalogueThatIsAnotherFileIsRefusedUnharmed() async throws {
            let sandbox = try Sandbox()
            let letter = try sandbox.write(
                Data("Dear catalogue, I am a letter of more than sixteen bytes.".utf8),
                to: "letter.txt")
            let before = try Data(exactly: letter)
            let result = try await sandbox.run(
                plainly: [
                    "scan", ProgramArgument(sandbox.pictures), "--catalogue",
                    ProgramArgument(letter),
                ])
            #expect(result.status == 1)
            #expect(result.complaints.count == 1, "\(result)")
            #expect(result.complaints.first?.contains("letter.txt") == true)
            #expect(try Data(exactly: letter) == before)
        }

        private static func isSuccess(_ command: String) -> Bool {
            (try? shell(command))?.status == 0
        }
    }
}
