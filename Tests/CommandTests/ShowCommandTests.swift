import Foundation
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite struct ShowCommandTests {
        @Test func showTellsAllThatIsKnown() async throws {
            let library = try await DescribedLibrary.get()
            let file = library.path("mountain.bmp")
            let shown = try #require(try await library.sandbox.show(file))
            #expect(shown.path.path == file)
            #expect(shown.root.path == library.sandbox.pictures)
            #expect(shown.state == "described")
            #expect(shown.kind == "still")
            #expect(shown.width == 40)
            #expect(shown.height == 30)
            #expect(shown.tokens == 1)
            #expect(shown.error == nil)
            #expect(shown.tagProbabilities.count == shown.tags.count)
            let caption = try #require(shown.descriptions.first { $0.prompt == "caption" })
            #expect(caption.source == "model")
            #expect(caption.model?.contains("@") == true)
        }

        @Test func whatShowSaysIsWhatScanPrinted() async throws {
            let library = try await DescribedLibrary.get()
            let shown = try #require(try await library.sandbox.show(library.path("mountain.bmp")))
            let line = try #require(library.scan.lines.first { $0.hasPrefix("mountain.bmp") })
            let tags = shown.tags.joined(separator: ", ")
            #expect(line == "mountain.bmp  \(shown.descriptions.first?.text ?? "")  [\(tags)]")
        }

        @Test func copiesShareTheirDescription() async throws {
            let library = try await DescribedLibrary.get()
            let one = try await library.sandbox.show(library.path("beach/boat.png"))
            let other = try await library.sandbox.show(library.path("beach/copy of boat.png"))
            #expect(one?.descriptions == other?.descriptions)
            #expect(one?.state == "described" && other?.state == "described")
        }

        @Test func failedFileIsShownWithItsReason() async throws {
            let library = try await DescribedLibrary.get()
            let shown = try #require(try await library.sandbox.show(library.path("broken.jpg")))
            #expect(shown.state == "failed")
            #expect(shown.error?.isEmpty == false)
            #expect(shown.descriptions.isEmpty)
        }

        @Test func relativePathsAndTextAreUnderstood() async throws {
            let library = try await DescribedLibrary.get()
            let result = try await library.run("show", "pictures/mountain.bmp")
            #expect(result.status == 0)
            #expect(result.text.contains("mountain.bmp"))
            #expect(result.text.contains("40"))
        }

        @Test func unknownFileIsNamedAndTheOthersStillShown() async throws {
            let library = try await DescribedLibrary.get()
            let result = try await library.run(
                "show", "--json", "/nowhere/x.png", ProgramArgument(library.path("wide.png")))
            #expect(result.status == 1)
            #expect(try result.decoded(ShownFile.self).count == 1)
            #expect(result.complaints.count == 1)
            #expect(result.complaints.first?.contains("/nowhere/x.png") == true)
        }
    }
}
