import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Real files of every format, from the command line to the catalogue.
    @Suite struct MediaFileTests {
        static let stills = [
            "420.jpg", "progressive.jpg", "cmyk.jpg", "grey.jpg", "rgb.png", "interlaced.png",
            "lossy.webp", "still.gif", "rgb.bmp", "lzw.tiff", "rgb.heic", "rgb.avif",
        ]
        /// Of three seconds each, but for the telephone's.
        static let clips = ["h264.mp4", "h264.mkv", "vp9.webm", "mpeg4.avi", "rotated.mov"]

        @Test func everyFormatIsCaptioned() async throws {
            let files = (Self.stills + Self.clips).map { Self.fixture($0) }
            let result = try await Sandbox().run(
                plainly: ["caption", "--json"] + files.map { ProgramArgument($0) })
            #expect(result.status == 0, "\(result)")
            let lines = try result.decoded(CaptionedFile.self)
            #expect(lines.map(\.path.path) == files)
            for line in lines.prefix(Self.stills.count) {
                #expect(line.tokens == 1 && line.captions.count == 1, "\(line)")
            }
            // One token a second.
            #expect(lines.dropFirst(Self.stills.count).map(\.tokens) == [3, 3, 3, 3, 1])
        }

        @Test func clipHasCaptionsForItsStretchesWithTheirTimes() async throws {
            let sandbox = try Sandbox(["VIGNETTE_CAPTIONING_STRETCH": "1"])
            let file = try sandbox.write(Data(exactly: Self.fixture("h264.mp4")), to: "clip.mp4")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let shown = try #require(try await sandbox.show(file))
            #expect(shown.kind == "video")
            #expect(shown.tokens == 3)
            #expect(shown.descriptions.filter { $0.start == nil }.count == 1)
            let starts = shown.descriptions.compactMap(\.start)
            #expect(starts == [0, 1, 2])
            #expect(shown.descriptions.allSatisfy { ($0.end ?? 1) > ($0.start ?? 0) })
            let found = try await sandbox.run("search", "--json", "--kind", "video")
                .decoded(FoundPicture.self)
            #expect(found.map(\.path.path) == [file])
        }

        @Test(arguments: ["420.jpg", "rgb.png", "lossless.webp"])
        func editedMetadataIsTheSamePicture(name: String) async throws {
            let sandbox = try Sandbox()
            for file in [name, "edited-" + name] {
                try sandbox.write(Data(exactly: Self.fixture(file)), to: FilePath(file))
            }
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.lines.count == 1, "\(scan)")
            let status = try await sandbox.status()
            #expect(status.described == 2)
            #expect(status.models.map(\.described) == [1])
        }

        @Test func momentPlaceAndCameraAreShown() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.write(Data(exactly: Self.fixture("camera.jpg")), to: "c.jpg")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            let shown = try #require(try await sandbox.show(file))
            #expect(shown.takenAt?.contains("T") == true, "\(shown)")
            #expect(shown.camera?.isEmpty == false, "\(shown)")
            #expect(abs(shown.latitude ?? 91) <= 90 && abs(shown.longitude ?? 181) <= 180)
            let found = try await sandbox.run("search", "--json").decoded(FoundPicture.self)
            #expect(found.first?.takenAt == shown.takenAt)
        }

        @Test func everyOrientationIsShownUpright() async throws {
            let sandbox = try Sandbox()
            for orientation in 1...8 {
                let name = "orientation-\(orientation).jpg"
                try sandbox.write(Data(exactly: Self.fixture(name)), to: FilePath(name))
            }
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            for orientation in 1...8 {
                let name = FilePath("orientation-\(orientation).jpg")
                let shown = try await sandbox.show(sandbox.pictures.pushing(name))
                #expect(shown?.width == 64 && shown?.height == 48, "\(name)")
            }
        }

        private static func fixture(_ name: String) -> FilePath {
            BuildProducts.checkout.appending("Tests/Fixtures/media/\(name)")
        }
    }
}
