import FileSystem
import Foundation
import MediaDecoding
import SystemPackage
import Testing
import WorkQueue

@testable import Catalogue

@Suite struct CatalogueRereadTests {
    private let fixture: CatalogueFixture
    private static let next = CodecsVersion.current + 1

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a.jpg", "below/b.jpg", "below/c.jpg")
        for content in 1...3 { try fixture.describeNext(as: UInt8(content)) }
    }

    private func reread(_ paths: [FilePath] = [], all: Bool = false, codecs: Int = next) throws
        -> Int
    {
        let selection = RereadSelection(
            paths: paths.map { fixture.root.path.appending($0.components) }, includesCurrent: all)
        let candidates = try fixture.catalogue.rereadCandidates(selection, codecs: codecs)
        let count = try fixture.catalogue.reread(selection, codecs: codecs)
        #expect(count == candidates)
        return count
    }

    @Test func whatOlderCodecsReadIsQueuedOnce() throws {
        #expect(try reread(codecs: CodecsVersion.current) == 0)
        #expect(try reread() == 3)
        #expect(try reread() == 0)
        #expect(try fixture.catalogue.pending().files == 3)
        try fixture.catalogue.expectInvariants()
    }

    @Test func pathsNameFilesAndWhatIsBelowFolders() throws {
        #expect(try reread(["elsewhere"]) == 0)
        #expect(try reread(["a.jpg", "below"], all: true, codecs: CodecsVersion.current) == 3)
    }

    @Test func whatIsKnownStaysUntilTheFileWasReadAndNothingIsDescribedAgain() throws {
        #expect(try reread(["a.jpg"]) == 1)
        #expect(try fixture.found("boat").count == 3, "it is found while it waits")
        var texts = EmbeddedTexts()
        texts.keywords = ["goat"]
        let asset = try fixture.describeNext(
            as: 1, caption: "never asked for",
            capture: CaptureFacts(takenAt: "2024-07-26T18:03:11"), texts: texts)
        let shown = try #require(try fixture.show("a.jpg"))
        #expect(shown.capture.takenAt == "2024-07-26T18:03:11")
        #expect(try fixture.found("goat") == ["a.jpg"])
        #expect(try fixture.found("never").isEmpty)
        #expect(try fixture.catalogue.isDescribed(asset))
        try fixture.catalogue.expectInvariants()
    }

    @Test func failedFilesAreLeftToRetry() throws {
        try fixture.observe("d.jpg")
        try fixture.catalogue.fail(
            fixture.lease(), reason: "no picture", retryAfter: nil, codecs: 1)
        #expect(try reread(["d.jpg"], all: true) == 0)
    }
}
