import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import vignette

extension SystemTests {
    @Suite struct BugReportTests {
        /// Names that occur in no text of the program.
        static let names = [
            "Zephyrine", "Quillfeather", "Bramblewick", "Xanthippe", "wuthering", "Ottoline",
        ]

        @Test func reportHasNoNameOfTheLibraryButWhatIsWrong() async throws {
            let sandbox = try Sandbox(["USER": "ottoline"])
            for name in [
                "Zephyrine/Quillfeather 2024/at Bramblewick.png", "Xanthippe's wuthering.jpg",
            ] {
                try sandbox.write(
                    PictureFactory.png(1), to: FilePath("Zephyrine").pushing(FilePath(name)))
            }
            try sandbox.write(Data("GIF89a".utf8), to: "Ottoline (1) Bramblewick.gif")
            try sandbox.write(Data("broken".utf8), to: "Zephyrine/wuthering.png")
            _ = try await sandbox.run("scan", ProgramArgument(sandbox.pictures))
            try sandbox.configure(
                "folders: [\"\(sandbox.pictures.string)/Zephyrine\", /srv/Ottoline/gone]\n"
                    + "captioning: {caption: 'Is that Xanthippe?'}\n")
            _ = try await sandbox.run("doctor", "--bundle", "report.txt")
            let report = try String(
                contentsOfFile: sandbox.path.appending("report.txt").string, encoding: .utf8)
            for name in Self.names + [sandbox.path.string, sandbox.home.string] {
                #expect(!report.localizedCaseInsensitiveContains(name), "\(name)\n\(report)")
            }
            for word in [
                "[system]", "kernel: ", "[findings]", "decoder: ", "[settings]",
                "questions changed", "[library]",
                "2 failed", "[failures]", "folders: 2",
            ] {
                #expect(report.contains(word), "\(word)\n\(report)")
            }
        }
    }

    @Suite struct NameScrubberTests {
        @Test(arguments: [
            ("/srv/Anna/beach day.jpg: no picture", "<name>: no picture"),
            ("cannot open 'my boat.jpg' of it", "cannot open <name> of it"),
            ("IMG_0001.JPG ended early", "<name> ended early"),
            ("the marker 0x12 at 3.5 of 10", "the marker 0x12 at 3.5 of 10"),
            ("decoding failed: the file is cut short", "decoding failed: the file is cut short"),
            ("Anna's day", "<name>'s day"), ("Annabel", "Annabel"),
        ]) func namesGoAndWordsStay(text: String, scrubbed: String) {
            var scrubber = NameScrubber()
            scrubber.add(FilePath("/srv/Anna/beach day.jpg"))
            #expect(scrubber.scrubbed(text) == scrubbed)
        }
    }
}
