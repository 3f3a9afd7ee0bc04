import GRDB
import MediaDecoding
import SystemPackage
import Testing

@testable import Catalogue

/// The order of time, by pages that begin at any place.
@Suite struct TimelineTests {
    /// Assets by number: those of odd numbers in 2019 and 2020, every third without a date.
    private func library(_ count: UInt8 = 30) throws -> CatalogueFixture {
        let fixture = try CatalogueFixture()
        for number in 1...count {
            try fixture.observe(
                .settled(
                    FilePath("\(number).jpg"), CatalogueFixture.status(UInt64(number)),
                    CatalogueFixture.disk))
            let month = number % 12 + 1
            let moment = "\(2019 + Int(number) % 2)-\(month < 10 ? "0" : "")\(month)-05T10:00:00"
            try fixture.describeNext(
                as: number, caption: "number \(number)",
                capture: CaptureFacts(takenAt: number % 3 == 0 ? nil : moment))
        }
        return fixture
    }

    private func isInOrder(_ first: AssetBrief, _ second: AssetBrief) -> Bool {
        (first.takenAt ?? "", first.id) > (second.takenAt ?? "", second.id)
    }

    @Test(arguments: [1, 2, 7, 30, 31, 100]) func pagesPutTogetherAreTheWhole(limit: Int) throws {
        let catalogue = try library().catalogue
        let whole = try catalogue.timeline(limit: 1000)
        #expect(whole.count == 30)
        #expect(zip(whole, whole.dropFirst()).allSatisfy(isInOrder))
        var pages: [AssetBrief] = []
        while true {
            let page = try catalogue.timeline(after: pages.last?.place, limit: limit)
            pages += page
            if page.count < limit { break }
        }
        #expect(pages == whole)
    }

    @Test(arguments: [1, 2, 7, 30, 100]) func pagesBackwardsAreTheWholeToo(limit: Int) throws {
        let catalogue = try library().catalogue
        let whole = try catalogue.timeline(limit: 1000)
        var pages = [try #require(whole.last)]
        while true {
            let page = try catalogue.timeline(before: pages[0].place, limit: limit)
            pages = page + pages
            if page.count < limit { break }
        }
        #expect(pages == whole)
    }

    @Test func aMonthAYearAndWhatHasNoDateAreJumpedTo() throws {
        let catalogue = try library().catalogue
        let whole = try catalogue.timeline(limit: 1000)
        let month = try catalogue.timeline(after: TimelinePlace(endOf: "2019-08"), limit: 1000)
        #expect(month == whole.filter { ($0.takenAt ?? "") < "2019-09" })
        let year = try catalogue.timeline(after: TimelinePlace(endOf: "2019"), limit: 1000)
        #expect(year == whole.filter { ($0.takenAt ?? "") < "2020" })
        let undated = try catalogue.timeline(after: .startOfUndated, limit: 1000)
        #expect(undated == whole.filter { $0.takenAt == nil })
    }

    @Test func monthsAreCounted() throws {
        let catalogue = try library().catalogue
        let whole = try catalogue.timeline(limit: 1000)
        let months = try catalogue.months()
        #expect(months.map(\.assets).reduce(0, +) == whole.count)
        #expect(months.last?.month == nil && months.last?.assets == 10)
        for month in months {
            #expect(
                month.assets
                    == whole.count { $0.takenAt.map { String($0.prefix(7)) } == month.month })
        }
        #expect(months.compactMap(\.month) == months.compactMap(\.month).sorted(by: >))
    }

    @Test func whatIsMissingIsNotShownNorCounted() throws {
        let fixture = try library(4)
        try fixture.observe(.absent("1.jpg", CatalogueFixture.disk))
        let shown = try fixture.catalogue.timeline(limit: 1000)
        #expect(shown.count == 3)
        #expect(try fixture.catalogue.months().map(\.assets).reduce(0, +) == 3)
    }

    @Test(arguments: [
        TimelinePlace(takenAt: "2019-07-26T12:00:00", asset: 41),
        TimelinePlace(takenAt: nil, asset: 3),
        .startOfUndated,
    ]) func aPlaceIsReadFromItsText(place: TimelinePlace) {
        #expect(TimelinePlace(place.text) == place)
    }

    @Test(arguments: ["", "~", "2019", "2019~", "2019~-1", "2019~x", "é~1", "\u{1}~1"])
    func whatIsNoPlaceIsNone(text: String) {
        #expect(TimelinePlace(text) == nil)
    }

    @Test(arguments: ["", "19", "2019-13", "2019-1", "2019-07-01", "abcd", "2019-07 OR 1"])
    func whatIsNoPeriodIsNone(text: String) {
        #expect(TimelinePlace(endOf: text) == nil)
    }

    /// However large a library is: the place is found by an index.
    @Test func aPageReadsNoMoreThanItShows() throws {
        let fixture = try library(4)
        let queue = try DatabaseQueue(path: fixture.path.string)
        let bounds = ["", "AND taken_at = '2019' AND asset_id < 7", "AND taken_at < '2019'"]
        for (bound, direction) in bounds.flatMap({ [($0, TimelineDirection.down), ($0, .up)] }) {
            let plan = try queue.read { database in
                try Row.fetchAll(
                    database, sql: "EXPLAIN QUERY PLAN " + Database.datedSQL(bound, direction),
                    arguments: [9])
            }.map { $0["detail"] as String }
            #expect(plan.first?.contains("INDEX capture_taken") == true, "\(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
        }
        for direction in [TimelineDirection.down, .up] {
            let plan = try queue.read { database in
                try Row.fetchAll(
                    database, sql: "EXPLAIN QUERY PLAN " + Database.undatedSQL(direction),
                    arguments: [9, 9])
            }.map { $0["detail"] as String }
            #expect(plan.first?.contains("SEARCH undated_asset USING INTEGER PRIMARY KEY") == true)
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }

    /// A sidecar that comes later can tell the date, and takes it along when it goes.
    @Test func aDateThatComesAndGoesMovesAPictureInTheTimeline() throws {
        let fixture = try library(4)
        let queue = try DatabaseQueue(path: fixture.path.string)
        let undated = { try fixture.catalogue.timeline(after: .startOfUndated, limit: 9).map(\.id) }
        #expect(try undated() == [3])
        try queue.write { database in
            try database.execute(
                sql: "UPDATE file SET taken_at = '2018-01-01T00:00:00' WHERE asset_id = 3")
        }
        #expect(try undated().isEmpty)
        #expect(try fixture.catalogue.timeline(limit: 9).last?.takenAt == "2018-01-01T00:00:00")
        try queue.write { database in
            try database.execute(sql: "UPDATE file SET taken_at = NULL WHERE asset_id IN (3, 4)")
        }
        #expect(try undated() == [4, 3])
        #expect(try fixture.catalogue.timeline(limit: 9).count == 4)
    }
}
