import Catalogue
import Foundation
import Testing

@testable import Daemon

@Suite struct HelpReportTests {
    private static func help(
        _ state: Helper.State = .idle, lastWord seconds: Double = 0
    ) -> HelpFromOthers {
        var help = HelpFromOthers()
        help.place = "a queue"
        help.helpers = [
            Helper(
                name: "attic", state: state, isAble: true, doing: "", program: "1", done: 0,
                failed: 0, secondsEach: nil, lastWord: Date(timeIntervalSince1970: seconds))
        ]
        return help
    }

    /// How often something is noted of what is published one after the other.
    private func notes(_ helps: [HelpFromOthers]) throws -> Int {
        let report = HelpReport()
        var count = 0
        for help in helps {
            try report.publish(help) { _, _ throws(CatalogueError) in count += 1 }
        }
        return count
    }

    @Test func lastWordOfWhoIsThereIsNoNews() throws {
        #expect(try notes([Self.help(), Self.help(lastWord: 60), Self.help(lastWord: 120)]) == 1)
    }

    @Test func whoFallsSilentIsNews() throws {
        #expect(try notes([Self.help(), Self.help(.silent), Self.help(.gone)]) == 3)
    }

    @Test func countsAreHandedOnOnceAndKeptWhereThatFails() throws {
        let report = HelpReport()
        report.count(\.offered, 5)
        report.count(\.done)
        #expect(throws: CatalogueError.self) {
            try report.publish(Self.help()) { _, _ throws(CatalogueError) in
                throw .invalid(reason: "full")
            }
        }
        var seen: [HelpCounts] = []
        for _ in 0..<2 {
            try report.publish(Self.help()) { _, counts throws(CatalogueError) in
                seen.append(counts)
            }
        }
        #expect(seen.map(\.offered) == [5])
        #expect(seen.map(\.done) == [1])
    }
}
