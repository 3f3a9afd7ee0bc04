import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Sidecars through the built programs, from the settings to the disk.
    @Suite struct SidecarsCommandTests {
        private static let ask = ["VIGNETTE_SIDECARS_WRITE": "ask"]

        private func library(
            _ pictures: Int, _ settings: [String: String] = ask
        ) async throws -> Sandbox {
            let sandbox = try Sandbox(settings)
            for number in 0..<pictures {
                try sandbox.write(PictureFactory.png(number), to: FilePath("\(number).png"))
            }
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0, "\(scan)")
            return sandbox
        }

        private func run(_ sandbox: Sandbox, _ arguments: ProgramArgument...) async throws
            -> ProgramResult
        {
            try await sandbox.run(
                plainly: ["sidecars"] + arguments
                    + ["--catalogue", ProgramArgument(sandbox.catalogue)])
        }

        private func text(_ sandbox: Sandbox, _ name: String) throws -> String {
            String(decoding: try Data(exactly: sandbox.pictures.appending(name)), as: UTF8.self)
        }

        private func sidecars(_ sandbox: Sandbox) throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: sandbox.pictures.string)
                .filter { !$0.hasSuffix(".png") }.sorted()
        }

        @Test(arguments: ["write", "read", "status", "diff"]) func eachPartExplainsItself(
            part: String
        ) async throws {
            let help = try await Sandbox().run(
                plainly: ["sidecars", ProgramArgument(part), "--help"])
            #expect(help.status == 0, "\(help)")
            #expect(help.text.contains("  vignette sidecars \(part)"), "an example")
            #expect(help.text.contains("--json"))
        }

        @Test func nothingIsWrittenUnlessTheSettingsSaySo() async throws {
            let sandbox = try await library(1, [:])
            let write = try await run(sandbox, "write")
            #expect(write.status == 1)
            #expect(write.errorText.contains("sidecars.write is 'never'"), "\(write)")
            let diff = try await run(sandbox, "diff")
            #expect(diff.status == 0 && diff.text.contains("+ caption: "), "\(diff)")
            #expect(try sidecars(sandbox).isEmpty)
        }

        @Test func aWrongSettingGivesOneClearLine() async throws {
            let sandbox = try Sandbox(["VIGNETTE_SIDECARS_WRITE": "sometimes"])
            let result = try await run(sandbox, "status")
            #expect(result.status != 0 && result.complaints.count == 1, "\(result)")
            #expect(result.errorText.contains("never") && result.errorText.contains("always"))
        }

        @Test func wordsGoThereAndComeBack() async throws {
            let sandbox = try await library(2)
            #expect(try await run(sandbox, "write").lines.count == 2)
            #expect(try await run(sandbox, "write").lines.isEmpty, "it is done")
            let picture = sandbox.pictures.appending("0.png")
            let model = try await sandbox.show(picture)?.caption
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(try await sandbox.show(picture)?.captionSource == "model", "nobody else's word")

            _ = try await sandbox.run(
                "edit", ProgramArgument(picture), "--caption", "Anna", "--tag", "Friends/Anna")
            #expect(try await run(sandbox, "write").lines.count == 1)
            let written = try text(sandbox, "0.png.xmp")
            #expect(written.contains(">Anna<") && written.contains("Friends|Anna"))
            #expect(!written.contains(model ?? "?"))

            // Another program changes both.
            for name in ["0.png.xmp", "1.png.xmp"] {
                let old = try text(sandbox, name)
                let caption = try #require(
                    old.firstMatch(of: /x-default">([^<]*)<\/rdf:li>/)?.output.1)
                let new = old.replacing(
                    "<rdf:li xml:lang=\"x-default\">\(caption)</rdf:li>",
                    with: "<rdf:li xml:lang=\"x-default\">Berta</rdf:li>", maxReplacements: 1)
                try Data(new.utf8).write(
                    toExactly: sandbox.pictures.appending(name))
            }
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(try await sandbox.show(picture)?.caption == "Anna", "a person here")
            #expect(
                try await sandbox.show(sandbox.pictures.appending("1.png"))?.caption == "Berta",
                "before the model")
            let before = try text(sandbox, "0.png.xmp")
            #expect(try await run(sandbox, "write").lines.isEmpty)
            #expect(try text(sandbox, "0.png.xmp") == before)
            let status = try await run(sandbox, "status")
            #expect(status.text.contains("here:  Anna") && status.text.contains("there: Berta"))
            let settled = try await run(sandbox, "write", "--prefer-here", ProgramArgument(picture))
            #expect(settled.lines.count == 1, "\(settled)")
            #expect(try await !run(sandbox, "status").text.contains("conflict"))
        }

        @Test func theDaemonWritesByItselfAndStartsNoLoop() async throws {
            let sandbox = try Sandbox(["VIGNETTE_SIDECARS_WRITE": "always"])
            let picture = try sandbox.write(PictureFactory.png(1), to: "a.png")
            let daemon = try sandbox.watch()
            try await eventually("a sidecar comes") {
                try sidecars(sandbox) == ["a.png.xmp"]
            }
            let sidecar = sandbox.pictures.appending("a.png.xmp")
            try await eventually("it is read") {
                try await sandbox.show(sidecar)?.state == "read"
            }
            let first = try text(sandbox, "a.png.xmp")
            _ = try await sandbox.run("edit", ProgramArgument(picture), "--caption", "Anna")
            try await eventually("the edit goes there") {
                try text(sandbox, "a.png.xmp").contains(">Anna<")
            }
            #expect(try text(sandbox, "a.png.xmp") != first)
            let edited = try text(sandbox, "a.png.xmp")
            let jobs = { try await sandbox.show(sidecar)?.state }
            try await eventually("and is read again") { try await jobs() == "read" }
            #expect(try await daemon.stop().status == 0)
            #expect(try text(sandbox, "a.png.xmp") == edited, "its own writing changes nothing")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0 && scan.lines.isEmpty, "\(scan)")
            #expect(try text(sandbox, "a.png.xmp") == edited)
        }

        @Test func aScanWritesWhatItDescribesBeforeItEnds() async throws {
            let sandbox = try await library(20, ["VIGNETTE_SIDECARS_WRITE": "always"])
            #expect(try sidecars(sandbox).count == 20)
        }

        @Test(.enabled("a file system can be mounted") { FullDiskTests.canMount })
        func readOnlyAndFullFoldersAreToldOnceAndTriedAgain() async throws {
            let sandbox = try await library(8)
            let script = """
                write() { "$PROGRAM" sidecars write --catalogue "$CATALOGUE" >out 2>err; echo "status $?"; }
                mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"
                write; grep -c "Read-only" err; ls "$1" | grep -c xmp
                umount "$1"
                mkdir keep && cp -p "$1"/*.png keep/
                mount -t tmpfs -o size=256k tmpfs "$1" && cp -p keep/*.png "$1"/
                cat /dev/zero >"$1/filler" 2>/dev/null
                write; grep -c "No space" err; ls -A "$1" | grep -c -e xmp -e part
                rm "$1/filler"
                write; ls -A "$1" | grep -c xmp; ls -A "$1" | grep -c part
                """
            let inner = sandbox.path.appending("script.sh")
            try Data(script.utf8).write(toExactly: inner)
            let result = try await sandbox.shell(
                "unshare -rm bash \"$2\" \"$1\"", arguments: [sandbox.pictures, inner])
            #expect(
                result.lines == [
                    "status 1", "1", "0", "status 1", "1", "0", "status 0", "8", "0",
                ], "\(result)")
        }

        @Test(arguments: [false, true])
        func noKillLeavesHalfASidecar(isApart: Bool) async throws {
            let kills = Soak.isOn ? 500 : 20
            let place = try TemporaryDirectory()
            let settings = isApart ? ["VIGNETTE_SIDECARS_FOLDER": place.path.string] : [:]
            let sandbox = try await library(
                12, Self.ask.merging(settings) { first, _ in first })
            let folder =
                isApart
                ? place.path.pushing(sandbox.pictures.removingRoot()) : sandbox.pictures
            try FileManager.default.createDirectory(
                atPath: folder.string, withIntermediateDirectories: true)
            let foreign = XMPText.packet(
                XMPText.caption("Anna") + XMPText.keywords("lake"), attributes: "xmp:Rating='4'")
            var random = SeededGenerator(seed: 9)
            var hit = 0
            // Most kills are to come while it writes, however fast the machine is.
            let start = ContinuousClock.now
            #expect(try await run(sandbox, "write").status == 0)
            var latest = max(400, Int((ContinuousClock.now - start) / .milliseconds(1)))
            for kill in 0..<kills {
                for number in 0..<12 {
                    let path = folder.appending("\(number).png.xmp")
                    if number.isMultiple(of: 2) {
                        try foreign.write(toExactly: path)
                    } else {
                        unlink(path.string)
                    }
                }
                let program = try RunningProgram(
                    sandbox.launch(
                        ["sidecars", "write", "--catalogue", ProgramArgument(sandbox.catalogue)]))
                try await Task.sleep(
                    for: .milliseconds(Int.random(in: 0...latest, using: &random)))
                _ = try await program.stop(SIGKILL)
                let before = hit
                for number in 0..<12 {
                    let path = folder.appending("\(number).png.xmp")
                    guard let bytes = try? Data(exactly: path) else { continue }
                    guard bytes != foreign else { continue }
                    hit += 1
                    let text = String(decoding: bytes, as: UTF8.self)
                    #expect(
                        text.contains("vignette:Writer>") && text.contains("</x:xmpmeta>"),
                        "kill \(kill): \(text)")
                    #expect(!number.isMultiple(of: 2) || text.contains(">Anna<"))
                }
                // Later kills where nothing was written yet, earlier ones where all was.
                switch hit - before {
                case 0: latest = min(latest * 5 / 4, 20_000)
                case 12: latest = max(latest * 4 / 5, 50)
                default: break
                }
            }
            #expect(hit > 0, "some were written before the kill")
            let last = try await run(sandbox, "write")
            #expect(last.status == 0, "\(last)")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.string)
            #expect(left.count { !$0.hasSuffix(".png") } == 12, "nothing else is left")
        }

        @Test func sidecarsApartAreWrittenAndReadBack() async throws {
            let place = try TemporaryDirectory()
            let folder = place.path.appending("sidecars")
            let sandbox = try await library(
                2,
                [
                    "VIGNETTE_SIDECARS_WRITE": "always",
                    "VIGNETTE_SIDECARS_FOLDER": folder.string,
                ])
            #expect(try sidecars(sandbox).isEmpty)
            let sidecar = folder.pushing(sandbox.pictures.removingRoot()).appending("0.png.xmp")
            let old = String(decoding: try Data(exactly: sidecar), as: UTF8.self)
            let caption = try #require(
                old.firstMatch(of: /x-default">([^<]*)<\/rdf:li>/)?.output.1)
            try Data(
                old.replacing("\"x-default\">\(caption)<", with: "\"x-default\">Berta<").utf8
            ).write(toExactly: sidecar)
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let picture = sandbox.pictures.appending("0.png")
            #expect(try await sandbox.show(picture)?.caption == "Berta")
            #expect(try await sandbox.show(picture)?.captionSource == "sidecar")
            let status = try await sandbox.status()
            #expect(status.roots.map(\.path.path) == [sandbox.pictures])
            #expect(status.sidecars?.path.path == folder)
            let text = try await sandbox.run("status").text
            #expect(text.contains("Sidecars are kept in \(folder) (online)"), "\(text)")
        }

        @Test func aFolderWithinAWatchedOneIsRefused() async throws {
            let sandbox = try Sandbox(["VIGNETTE_SIDECARS_WRITE": "always"])
            let inner = sandbox.pictures.appending("sidecars")
            let result = try await sandbox.run(
                "scan", ProgramArgument(sandbox.pictures),
                settings: ["VIGNETTE_SIDECARS_FOLDER": inner.string])
            #expect(result.status == 1 && result.complaints.count == 1, "\(result)")
            #expect(result.errorText.contains("outside of all watched folders"), "\(result)")
            #expect(try sidecars(sandbox).isEmpty)
        }
    }
}
