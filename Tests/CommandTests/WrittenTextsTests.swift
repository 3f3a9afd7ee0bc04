import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// What people wrote into files and sidecars, as the built programs find and show it.
    @Suite struct WrittenTextsTests {
        private static let picture: Data = {
            let path = BuildProducts.checkout.appending("Tests/Fixtures/media/420.jpg")
            return (try? Data(contentsOf: URL(filePath: path.string))) ?? Data()
        }()

        private func search(_ sandbox: Sandbox, _ words: ProgramArgument...) async throws
            -> [FoundPicture]
        {
            try await sandbox.run(
                plainly: sandbox.onCatalogue(["search", "--json"] + words)
            ).decoded(FoundPicture.self)
        }

        @Test func whatIsInAFileIsFoundAndShownWithItsSource() async throws {
            let sandbox = try Sandbox()
            let packet = XMPText.packet(
                XMPText.caption("Anna and the goat") + XMPText.keywords("Lake Garda", "goat"),
                attributes: "xmp:Rating='5'")
            let file = try sandbox.write(XMPText.jpeg(Self.picture, packet), to: "a.jpg")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0, "\(scan)")
            let shown = try #require(try await sandbox.show(file))
            #expect(shown.caption == "Anna and the goat")
            #expect(shown.captionSource == "sidecar")
            #expect(shown.rating == 5)
            #expect(shown.descriptions.map(\.source).sorted() == ["model", "sidecar"])
            #expect(Array(shown.tags.prefix(2)) == ["Lake Garda", "goat"])
            #expect(shown.tagSources.first == ["sidecar"])
            for words in ["Anna", "goat", "Garda"] as [ProgramArgument] {
                #expect(try await search(sandbox, words).map(\.path.path) == [file])
            }
            let rated = try await search(sandbox, "--rating", "5", "--tag", "Lake Garda")
            #expect(rated.first?.captionSource == "sidecar")
            #expect(rated.first?.rating == 5)
            let tags = try await sandbox.run("tags", "--json", "garda").decoded(CountedTag.self)
            #expect(tags.map(\.tag) == ["lake garda"])
            #expect(tags.first?.written == "Lake Garda" && tags.first?.sidecar == 1)
            let text = try await sandbox.run("show", ProgramArgument(file)).text
            #expect(text.contains("Anna and the goat (sidecar)"), "\(text)")
            #expect(text.contains("★★★★★"), "\(text)")
            #expect(text.contains("Lake Garda (sidecar)"), "\(text)")
        }

        @Test func theDaemonFollowsASidecarFromItsArrivalToItsEnd() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.write(PictureFactory.png(1), to: "album/a.png")
            let watch = try sandbox.watch()
            try await eventually("the picture is described") {
                try await sandbox.show(file)?.state == "described"
            }
            let model = try await sandbox.show(file)?.caption
            let sidecar = try sandbox.write(
                XMPText.packet(XMPText.caption("Zermatt in May")), to: "album/a.png.xmp")
            try await eventually("the sidecar's word counts") {
                try await sandbox.show(file)?.caption == "Zermatt in May"
            }
            #expect(try await sandbox.show(file)?.sidecar?.path == sidecar)
            #expect(try await sandbox.show(sidecar)?.state == "read")
            #expect(try await sandbox.show(sidecar)?.caption == "Zermatt in May")
            try sandbox.write(Data("<x:xmpmeta".utf8), to: "album/a.png.xmp")
            try await eventually("the broken sidecar is named") {
                try await sandbox.show(sidecar)?.state == "failed"
            }
            #expect(try await sandbox.show(file)?.caption == "Zermatt in May")
            #expect(try await sandbox.run("status").text.contains("a.png.xmp: is no XMP"))
            try sandbox.write(
                XMPText.packet(XMPText.caption("Zermatt in June")), to: "album/a.png.xmp")
            try await eventually("the sidecar is read again") {
                try await sandbox.show(file)?.caption == "Zermatt in June"
            }
            try FileManager.default.removeItem(atPath: sidecar.string)
            try await eventually("the model's word counts again") {
                try await sandbox.show(file)?.caption == model
            }
            #expect(try await sandbox.show(file)?.sidecar == nil)
            #expect(try await watch.stop().status == 0)
            let report = try await sandbox.status()
            #expect(report.files == 1 && report.isAtRest)
            #expect(report.models.map(\.described) == [1], "the picture was described once")
        }

        @Test func sidecarsOfBothNamesAndWithExtensionsFindTheirPictures() async throws {
            let sandbox = try Sandbox()
            for (number, name) in ["a.png", "b.png", "c.bmp"].enumerated() {
                let isBitmap = name.hasSuffix("bmp")
                try sandbox.write(
                    isBitmap
                        ? PictureFactory.bitmap(number + 1, width: 40, height: 30)
                        : PictureFactory.png(number + 1), to: FilePath(name))
            }
            try sandbox.write(PictureFactory.png(7), to: "c.png")
            try sandbox.write(XMPText.packet(XMPText.caption("by the stem")), to: "a.xmp")
            try sandbox.write(XMPText.packet(XMPText.caption("by the name")), to: "a.png.XMP")
            try sandbox.write(
                XMPText.packet(
                    XMPText.caption("for the bitmap"),
                    attributes: "photoshop:SidecarForExtension='BMP' "
                        + "exif:DateTimeOriginal='1987-05-01T12:00:00'"), to: "c.xmp")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            func show(_ name: String) async throws -> ShownFile? {
                try await sandbox.show(sandbox.pictures.appending(name))
            }
            #expect(try await show("a.png")?.caption == "by the name")
            #expect(try await show("c.bmp")?.caption == "for the bitmap")
            #expect(try await show("c.bmp")?.takenAt == "1987-05-01T12:00:00")
            #expect(try await show("c.png")?.captionSource == "model")
            #expect(try await show("b.png")?.captionSource == "model")
            #expect(try await sandbox.status().files == 4)
        }

        @Test func whatIsInSidecarsIsFoundAfterAScanThatCameBefore() async throws {
            let sandbox = try Sandbox()
            let file = try sandbox.write(PictureFactory.png(1), to: "a.png")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            try sandbox.write(XMPText.packet(XMPText.keywords("Matterhorn")), to: "a.xmp")
            let scan = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            #expect(scan.status == 0 && scan.lines.isEmpty, "no model runs: \(scan)")
            #expect(try await search(sandbox, "matterhorn").map(\.path.path) == [file])
        }
    }
}
