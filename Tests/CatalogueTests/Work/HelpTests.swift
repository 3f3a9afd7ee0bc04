import Catalogue
import Foundation
import TestSupport
import Testing

@Suite struct HelpTests {
    static let helper = Helper(
        name: "attic", state: .working, isAble: true, doing: "describing 3", program: "0.1.0",
        done: 7, failed: 1, secondsEach: 2.5, lastWord: Date(timeIntervalSince1970: 1_700_000_000))

    @Test func newLibraryHasNoHelp() throws {
        let fixture = try CatalogueFixture()
        let (now, counts) = try fixture.catalogue.help()
        #expect(now == HelpFromOthers())
        #expect(counts == HelpCounts())
    }

    @Test func whatIsNotedReplacesAndCountsAddUp() throws {
        let fixture = try CatalogueFixture()
        var help = HelpFromOthers()
        help.place = "the queue 'photos' on nas"
        help.helpers = [Self.helper]
        (help.waiting, help.held) = (4, 3)
        var counts = HelpCounts()
        (counts.offered, counts.done, counts.failed) = (5, 4, 1)
        for _ in 0..<2 { try fixture.catalogue.note(help, adding: counts) }
        let reader = try Catalogue(at: fixture.path, access: .reader)
        #expect(try reader.help().now == help)
        #expect(try reader.help().counts.offered == 10)
        #expect(try reader.help().counts.done == 8)
        #expect(try reader.help().counts.failed == 2)
        var gone = HelpFromOthers()
        gone.place = help.place
        gone.problem = "nobody answers"
        try fixture.catalogue.note(gone, adding: HelpCounts())
        #expect(try reader.help().now == gone)
        #expect(try reader.help().counts.done == 8)
    }
}
