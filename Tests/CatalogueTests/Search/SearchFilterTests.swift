@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import MediaDecoding
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@Suite struct SearchFilterTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe(
            "2019/Italy/1.jpg", "2019/italy.old/2.jpg", "2020/3.jpg", "2020/deep/italy/4.jpg")
        try fixture.describeNext(
            as: 1, caption: "A boat.", tags: ["boat"],
            capture: CaptureFacts(
                takenAt: "2019-07-26T18:03:11+02:00", camera: "NIKON Z 6", latitude: 45.44,
                longitude: 12.33))
        try fixture.describeNext(
            as: 2, caption: "A boat.", tags: ["boat", "dog"],
            capture: CaptureFacts(
                takenAt: "2019-12-31T23:59:59", camera: "Canon", latitude: 45.45, longitude: 12.33))
        try fixture.describeNext(as: 3, caption: "A car.", tags: [])
        try fixture.describeNext(
            as: 4, caption: "A boat.", tags: [],
            capture: CaptureFacts(takenAt: "2020-07-01", latitude: -17, longitude: 179.99))
    }

    private func search(
        _ text: String = "", _ conditions: SearchCondition..., excluded: [SearchCondition] = [],
        sorting: SearchSorting = .relevance
    ) throws -> [Int64] {
        let filters =
            conditions.map { SearchFilter($0) }
            + excluded.map { SearchFilter($0, isExcluded: true) }
        return try fixture.catalogue.search(SearchQuery(text, filters: filters, sorting: sorting))
            .map(\.assetID)
    }

    @Test(
        arguments: [
            (.taken(CaptureSpan(from: "2019", to: "2020")), [2, 1]),
            (.taken(CaptureSpan(from: "2019-07-26", to: "2019-07-27")), [1]),
            (.taken(CaptureSpan(from: "2019-08", to: nil)), [4, 2]),
            (.taken(CaptureSpan(from: nil, to: "2019-12-31")), [1]),
            (.taken(CaptureSpan(from: "2021", to: nil)), []),
            (.yearly(month: 7, day: nil), [4, 1]), (.yearly(month: 12, day: 31), [2]),
            (.camera("nikon"), [1]), (.camera("z 6"), [1]), (.camera("%"), []),
            (.folder(["2019"]), [2, 1]), (.folder(["2019", "italy"]), [1]),
            (.folder(["italy"]), [4, 1]), (.folder(["photos", "2020"]), [4, 3]),
            (.folder(["ital"]), []),
            (.below("/photos/2019"), [2, 1]), (.below("/photos/2019/Italy"), [1]),
            (.below("/photos/2019/italy"), []), (.below("/photos/2019/Ital"), []),
            (.below("/photos"), [4, 3, 2, 1]), (.below("/"), [4, 3, 2, 1]),
            (.below("/photo"), []), (.below("/photos/2019/Italy/1.jpg"), []),
            (.near(latitude: 45.44, longitude: 12.33, kilometres: 0.5), [1]),
            (.near(latitude: 45.44, longitude: 12.33, kilometres: 2), [2, 1]),
            (.near(latitude: -17, longitude: -179.99, kilometres: 5), [4]),
            (.near(latitude: 90, longitude: 0, kilometres: 5000), [2, 1]),
            (.lacks(.place), [3]), (.lacks(.date), [3]), (.lacks(.tag), [4, 3]),
            (.lacks(.caption), []), (.lacks(.rating), [4, 3, 2, 1]),
            (.captionBy(.model), [4, 3, 2, 1]), (.captionBy(.human), []),
            (.kind(.still), [4, 3, 2, 1]), (.kind(.video), []), (.tag("dog"), [2]),
            (.rating(1), []),
        ] as [(SearchCondition, [Int64])])
    func filterFindsWhatItSays(_ condition: SearchCondition, _ assets: [Int64]) throws {
        #expect(try search("", condition) == assets)
        #expect(Set(try search("boat", condition)) == Set(assets).subtracting([3]))
        // What is excluded is the rest.
        let rest = Set([1, 2, 3, 4]).subtracting(assets)
        #expect(Set(try search("", excluded: [condition])) == rest)
    }

    @Test func camerasAreLookedForAmongTheirNamesAndNotInEveryPicture() throws {
        #expect(
            try fixture.catalogue.read {
                try String.fetchAll($0, sql: "SELECT name FROM camera_name")
            } == ["Canon", "NIKON Z 6"])
        let facts = try #require(SearchCondition.camera("nikon").captureFacts)
        let plan = try fixture.catalogue.read { database in
            try Row.fetchAll(
                database,
                sql: "EXPLAIN QUERY PLAN SELECT asset_id FROM capture WHERE \(facts.sql)",
                arguments: facts.arguments
            ).map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains("capture_camera (camera=?)") }, "\(plan)")
        #expect(plan.allSatisfy { $0 != "SCAN capture" }, "\(plan)")
    }

    @Test func allFiltersMustHold() throws {
        let in2019 = SearchCondition.taken(CaptureSpan(from: "2019", to: "2020"))
        #expect(try search("boat", in2019, .tag("dog"), .camera("canon")) == [2])
        #expect(try search("", in2019, .kind(.video)) == [])
        #expect(try search("-car", in2019, excluded: [.tag("dog")]) == [1])
    }

    @Test func sidecarSetsDateAndPlaceRightAndItsGoingUndoesThat() throws {
        let sidecar = FilePath("2020/3.xmp")
        try fixture.observe(.settled(sidecar, CatalogueFixture.status(9)))
        try fixture.readNext(
            SidecarFacts(takenAt: "2018-05-04T03:02:01", latitude: 1, longitude: 2))
        #expect(try search("", .taken(CaptureSpan(from: "2018", to: "2019"))) == [3])
        #expect(try search("", .near(latitude: 1, longitude: 2, kilometres: 1)) == [3])
        try fixture.observe(.absent(sidecar), at: 1)
        _ = try fixture.catalogue.removeExpired(grace: .seconds(5), at: CatalogueFixture.time(1000))
        #expect(try search("", .taken(CaptureSpan(from: "2018", to: "2019"))) == [])
        #expect(try search("", .lacks(.date)) == [3])
    }

    @Test func datesOrderWhatIsFoundAndPagesGoOn() throws {
        #expect(try search(sorting: .date) == [4, 2, 1, 3])
        #expect(try search("boat", sorting: .date) == [4, 2, 1])
        #expect(
            try search("", .taken(CaptureSpan(from: nil, to: "2020")), sorting: .date) == [2, 1])
        for (text, tags) in [("", []), ("boat", []), ("", ["boat"]), ("jpg", [])] {
            var (paged, cursor): ([Int64], String?) = ([], nil)
            repeat {
                let page = try fixture.catalogue.search(
                    SearchQuery(text, tags: tags, sorting: .date, limit: 1, after: cursor))
                paged += page.map(\.assetID)
                cursor = page.last?.cursor
            } while cursor != nil && paged.count < 9
            let whole = try fixture.catalogue.search(
                SearchQuery(text, tags: tags, sorting: .date))
            #expect(paged == whole.map(\.assetID))
            #expect(!paged.isEmpty)
        }
    }

    @Test func rowsOfCaptureAreWhatTheFilesSayHoweverTheyCameAbout() throws {
        try fixture.observe(.settled("copy.jpg", CatalogueFixture.status(20)))
        try fixture.describeNext(as: 3, capture: CaptureFacts(takenAt: "2001-01-01"))
        #expect(try search("", .taken(CaptureSpan(from: "2001", to: "2002"))) == [3])
        try fixture.observe(.absent("copy.jpg"), at: 1)
        _ = try fixture.catalogue.removeExpired(grace: .seconds(5), at: CatalogueFixture.time(1000))
        #expect(try search("", .lacks(.date)) == [3])
        try fixture.observe(.absent("2019/Italy/1.jpg"), at: 1001)
        _ = try fixture.catalogue.removeExpired(grace: .seconds(5), at: CatalogueFixture.time(5000))
        #expect(try search("", .yearly(month: 7, day: nil)) == [4])
    }
}
