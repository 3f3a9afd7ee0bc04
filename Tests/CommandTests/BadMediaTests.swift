import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Files that are not what their names say cost one clear line each and nothing else.
    @Suite struct BadMediaTests {
        /// Contents that cannot be described, by name.
        static let hopeless: [(name: String, data: Data)] = [
            ("empty.jpg", Data()),
            ("text.jpg", Data("Dear diary, this is no picture.\n".utf8)),
            ("truncated.png", PictureFactory.png(1).prefix(60)),
            ("header only.bmp", PictureFactory.bitmap(1).prefix(20)),
            ("oversized.png", PictureFactory.pngHeader(width: 20_000, height: 20_000)),
            ("overflow.png", PictureFactory.pngHeader(width: .max, height: .max)),
            ("zero.png", PictureFactory.pngHeader(width: 0, height: 10)),
            ("noise.mp4", Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 167 >> 3) })),
            ("one byte.webp", Data([0x52])),
            ("text.heic", Data("neither is this\n".utf8)),
        ]

        @Test func scanNamesEachBadFileOnceAndDescribesTheRest() async throws {
            let sandbox = try Sandbox()
            for (name, data) in Self.hopeless {
                try sandbox.write(data, to: FilePath(name))
            }
            try sandbox.write(PictureFactory.png(5), to: "mislabelled.jpg")
            try sandbox.write(PictureFactory.png(6), to: "folder.jpg/inside.png")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0, "\(scan)")
            #expect(scan.lines.count == 2, "\(scan)")
            #expect(scan.complaints.count == Self.hopeless.count, "\(scan)")
            for (name, _) in Self.hopeless {
                let lines = scan.complaints.filter { $0.hasPrefix("vignette: \(name): ") }
                #expect(lines.count == 1, "\(name): \(scan)")
                let shown = try await sandbox.show(sandbox.pictures.appending(name))
                #expect(shown?.state == "failed", "\(name)")
                #expect(lines.first == "vignette: \(name): \(shown?.error ?? "")")
            }
            let status = try await sandbox.status()
            #expect(status.described == 2)
            #expect(status.failed == Self.hopeless.count)
            #expect(status.isAtRest)
        }

        @Test(arguments: ["app.ts", "GO.MOD"])
        func passesOverSourcesThatHaveAClipsExtension(_ name: String) async throws {
            let sandbox = try Sandbox()
            try sandbox.write(
                Data("export const answer: number = 42\n".utf8), to: FilePath(name))
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0 && scan.complaints.isEmpty, "\(scan)")
            let status = try await sandbox.status()
            #expect(status.failed == 0 && status.described == 0 && status.isAtRest)
        }

        @Test func captionSaysTheSameOfEachBadFile() async throws {
            let sandbox = try Sandbox()
            for (name, data) in Self.hopeless {
                try sandbox.write(data, to: FilePath(name))
                let file = ProgramArgument("pictures/\(name)")
                let result = try await sandbox.run(plainly: ["caption", file])
                #expect(result.status == 1, "\(result)")
                #expect(result.output.isEmpty)
                #expect(result.complaints.count == 1, "\(result)")
                #expect(
                    result.complaints.first?.hasPrefix("vignette: pictures/\(name): ") == true,
                    "\(result)")
            }
        }

        @Test func refusalOfAnOversizedPictureSaysHowLargeItIs() async throws {
            let sandbox = try Sandbox()
            try sandbox.write(
                PictureFactory.pngHeader(width: 20_000, height: 20_000), to: "big.png")
            let result = try await sandbox.run(plainly: ["caption", "pictures/big.png"])
            #expect(result.complaints.first?.contains("400") == true, "\(result)")
            #expect(result.complaints.first?.contains("200") == true, "\(result)")
        }

        @Test func bitFlipsNeverEndAnythingButTheirOwnFile() async throws {
            let sandbox = try Sandbox()
            let whole = PictureFactory.png(9)
            for bit in stride(from: 0, to: whole.count * 8, by: 61) {
                var data = whole
                data[bit / 8] ^= 1 << (bit % 8)
                try sandbox.write(data, to: FilePath("flipped \(bit).png"))
            }
            try sandbox.write(whole, to: "whole.png")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0, "\(scan)")
            #expect(try await sandbox.status().isAtRest)
            #expect(
                try await sandbox.show(sandbox.pictures.appending("whole.png"))?.state
                    == "described")
        }

        @Test func whatIsNoRegularFileIsLeftAlone() async throws {
            let sandbox = try Sandbox()
            let inside = { (name: String) in sandbox.pictures.appending(name) }
            try sandbox.write(PictureFactory.png(1), to: "real.png")
            let outside = sandbox.path.appending("outside")
            try FileManager.default.createDirectory(
                atPath: outside.string, withIntermediateDirectories: true)
            try PictureFactory.png(2).write(toExactly: outside.appending("secret.png"))
            #expect(inside("fifo.jpg").withPlatformString { mkfifo($0, 0o600) } == 0)
            let socket = try NotificationSocket(at: inside("socket.jpg"))
            // Only root may make one, and not everywhere.
            _ = inside("device.jpg").withPlatformString { mknod($0, S_IFCHR | 0o600, 0x0103) }
            for (link, target) in [
                ("link.png", "real.png"), ("dangling.jpg", "nowhere"), ("loop.jpg", "loop.jpg"),
                ("folder", "../outside"), ("up.jpg", ".."),
            ] {
                try FileManager.default.createSymbolicLink(
                    atPath: inside(link).string, withDestinationPath: target)
            }
            let scan = try await sandbox.run(
                "scan", ProgramArgument(sandbox.pictures), within: .seconds(60))
            #expect(scan.status == 0, "\(scan)")
            #expect(scan.lines.count == 1, "\(scan)")
            let complaint = try #require(scan.complaints.first)
            #expect(complaint.contains("passed over"), "\(scan)")
            #expect(scan.complaints.count == 1, "\(scan)")
            // The link to the picture is the picture under another name.
            #expect(try await sandbox.status().files == 2)
            #expect(socket.messages.isEmpty)

            let caption = try await sandbox.run(
                plainly: ["caption", "pictures/fifo.jpg"], within: .seconds(60))
            #expect(caption.status == 1)
            #expect(caption.complaints.count == 1, "\(caption)")
        }

        /// Root may read everything unless it gives that capability up.
        @Test func fileWithoutPermissionIsNamedWithTheReason() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.write(PictureFactory.png(1), to: "private.png")
            try sandbox.write(PictureFactory.png(2), to: "public.png")
            let folder = try sandbox.write(PictureFactory.png(3), to: "closed/inside.png")
                .removingLastComponent()
            for path in [file, folder] { _ = path.withPlatformString { chmod($0, 0) } }
            defer { _ = folder.withPlatformString { chmod($0, 0o700) } }
            let script = """
                humble=()
                if [ "$(id -u)" = 0 ]; then
                    humble=(setpriv --bounding-set -dac_override,-dac_read_search --)
                fi
                "${humble[@]}" "$PROGRAM" scan "$1" --catalogue "$CATALOGUE"
                """
            let scan = try await sandbox.shell(script, arguments: [sandbox.pictures])
            #expect(scan.status == 0, "\(scan)")
            #expect(scan.lines.count == 1, "\(scan)")
            let lines = scan.errorLines.filter { $0.contains("private.png") }
            #expect(lines.count == 1, "\(scan)")
            #expect(lines.first?.lowercased().contains("permission denied") == true, "\(scan)")
            #expect(scan.errorLines.contains { $0.contains("closed") }, "\(scan)")
            #expect(try await sandbox.show(file)?.state == "failed")
        }

        @Test func nameThatIsNoUTF8RoundTripsEverywhere() async throws {
            let sandbox = try Sandbox()
            let bytes: [UInt8] = [0x66, 0xFF, 0x80] + Array("x.png".utf8)
            let name = FilePath(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
            let file = try sandbox.write(PictureFactory.png(1), to: name)
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0 && scan.lines.count == 1, "\(scan)")
            let shown = try #require(try await sandbox.show(file))
            #expect(shown.path.path == file)
            let found = try await sandbox.run("search", "--json").decoded(FoundPicture.self)
            #expect(found.map(\.path.path) == [file])
            let caption = try await sandbox.run(plainly: ["caption", ProgramArgument(file)])
            #expect(caption.status == 0, "\(caption)")
        }
    }
}
