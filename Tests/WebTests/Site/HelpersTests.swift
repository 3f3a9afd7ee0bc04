import Catalogue
import Foundation
import TestSupport
import Testing

@testable import Web

/// Who else helps, on the page and in the metrics.
@Suite struct HelpersTests {
    /// A queue with one machine that works and one that is gone.
    static var help: HelpFromOthers {
        var help = HelpFromOthers()
        help.place = "the queue 'photos' on nas"
        help.helpers = [
            Helper(
                name: "attic", state: .working, isAble: true, doing: "describing 3",
                program: "0.1.0", done: 7, failed: 1, secondsEach: 2.5, lastWord: Date()),
            Helper(
                name: "cellar", state: .gone, isAble: true, doing: "", program: "0.0.9", done: 2,
                failed: 0, secondsEach: nil, lastWord: Date() - 3600),
        ]
        (help.waiting, help.held) = (4, 3)
        return help
    }

    static var counts: HelpCounts {
        var counts = HelpCounts()
        (counts.offered, counts.done, counts.failed) = (16, 9, 1)
        return counts
    }

    @Test func machinesAreListedWithWhatTheyDo() throws {
        let library = try PageLibrary()
        try library.catalogue.note(Self.help, adding: Self.counts)
        let text = try HelpersPart(library.catalogue, isWatched: true).html.text
        for part in [
            "attic", "describing 3", "2.5 s each", "0.1.0", "cellar", "gone", "60 min ago",
            "4 wait for them", "described 9", "1 could not",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func nothingIsSaidWhereNobodyIsAskedOrNobodyWatches() throws {
        let library = try PageLibrary()
        #expect(try HelpersPart(library.catalogue, isWatched: true).html.text.isEmpty)
        try library.catalogue.note(Self.help, adding: Self.counts)
        #expect(try HelpersPart(library.catalogue, isWatched: false).html.text.isEmpty)
    }

    @Test func queueThatIsGoneIsSaid() throws {
        let library = try PageLibrary()
        var help = HelpFromOthers()
        (help.place, help.problem) = ("", "nas cannot be reached: <timeout>")
        try library.catalogue.note(help, adding: HelpCounts())
        let text = try HelpersPart(library.catalogue, isWatched: true).html.text
        #expect(text.contains("nas cannot be reached: &lt;timeout&gt;"))
        #expect(!text.contains("<table"))
    }

    @Test func metricsCountThem() throws {
        let library = try PageLibrary()
        try library.catalogue.note(Self.help, adding: Self.counts)
        let text = try Metrics(library.catalogue, isWatched: true).text
        let lines = Set(text.split(separator: "\n").map(String.init))
        for line in [
            "vignette_workers 1", "vignette_workers_busy 1", "vignette_pieces_waiting 4",
            "vignette_pieces_held 3", "# TYPE vignette_pieces_offered counter",
            "vignette_pieces_offered_total 16", "vignette_pieces_done_total 9",
            "vignette_pieces_failed_total 1",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        #expect(text.hasSuffix("# EOF\n"))
        let alone = try Metrics(library.catalogue, isWatched: false).text
        #expect(alone.contains("vignette_workers 0\n"))
    }
}
