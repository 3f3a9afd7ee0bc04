@testable import Catalogue
import Foundation
import GRDB
import SystemPackage
import Testing
import WorkQueue

@Suite struct SearchPagingTests {
    let fixture: CatalogueFixture

    /// Asset 1 is described; by its pattern some hundreds more, of which every tenth is hidden.
    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1, caption: "A boat and a boat, a boat.", tags: ["sea"])
    }

    @Test(arguments: [30, AssetSearch.rankingLimit + 500])
    func pagesBehindCursorsAreTheWholeList(count: Int) throws {
        try fill(count)
        let whole = try search(limit: .max).map(\.assetID)
        #expect(whole.count == count + 1 - count / 10)
        #expect(try follow(pageSize: 7, upTo: 60) == Array(whole.prefix(60)))
        #expect(try follow(pageSize: 400, upTo: .max) == whole)
        let deep = try search(limit: 5, offset: whole.count - 5).map(\.assetID)
        #expect(deep == Array(whole.suffix(5)))
    }

    @Test func bestComesFirstAmongFewAndNewestAmongMany() throws {
        try fill(50)
        #expect(try search(limit: 1).first?.assetID == 1)
        try fill(AssetSearch.rankingLimit + 500)
        let many = try search(limit: .max).map(\.assetID)
        #expect(many == many.sorted(by: >))
    }

    @Test func pagesOfRankedHitsStayRankedWhenMoreMatchMeanwhile() throws {
        try fill(100)
        let first = try #require(try search(limit: 1).first)
        try fill(AssetSearch.rankingLimit + 500)
        let next = try search(limit: 3, after: first.cursor)
        #expect(next.count == 3)
        #expect(!next.map(\.assetID).contains(first.assetID))
    }

    @Test func nothingIsBehindTheLastHit() throws {
        try fill(5)
        let last = try #require(try search(limit: .max).last)
        #expect(try search(after: last.cursor).isEmpty)
    }

    @Test func cursorOfAnotherSearchIsRefused() throws {
        let cursor = try #require(try search().first).cursor
        #expect(throws: CatalogueError.self) {
            try fixture.catalogue.search(SearchQuery("sea", after: cursor))
        }
    }

    @Test func findsEveryOfManyCopiesByItsName() throws {
        let copies = (1...45).map { "copies/number\($0)x.jpg" }
        for (index, copy) in copies.enumerated() {
            try fixture.observe(
                .settled(FilePath(copy), CatalogueFixture.status(UInt64(index + 50))))
        }
        while let job = try fixture.nextJob() { _ = try fixture.identify(job, as: 1) }
        for number in [1, 20, 32, 33, 40, 45] {
            let hits = try fixture.catalogue.search(SearchQuery("number\(number)x"))
            #expect(hits.map(\.assetID) == [1], "\(number)")
            #expect(hits.first?.files.first?.relativePath.string == "copies/number\(number)x.jpg")
            #expect(hits.first?.files.count == 46)
        }
        #expect(try fixture.found("\"number40x\" -number45x").isEmpty)
        try fixture.observe(.absent(FilePath(copies[39])), at: 1)
        _ = try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(2))
        #expect(try fixture.found("number40x").isEmpty)
        try fixture.catalogue.expectInvariants()
    }

    // MARK: Parts

    private func search(
        limit: Int = 50, offset: Int = 0, after: String? = nil
    ) throws -> [SearchHit] {
        try fixture.catalogue.search(
            SearchQuery("boat", limit: limit, offset: offset, after: after))
    }

    private func follow(pageSize: Int, upTo count: Int) throws -> [Int64] {
        var assets: [Int64] = []
        var cursor: String?
        while assets.count < count {
            let page = try search(limit: min(pageSize, count - assets.count), after: cursor)
            guard let last = page.last else { break }
            assets += page.map(\.assetID)
            cursor = last.cursor
        }
        return assets
    }

    /// Makes assets 2 to `count` + 1 with a boat in their texts, those that are not there yet.
    private func fill(_ count: Int) throws {
        let numbers =
            "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= \(count))"
        try fixture.catalogue.write { database in
            try database.execute(
                sql: """
                    \(numbers) INSERT INTO asset (id, identity, kind, format, width, height, created_at)
                        SELECT i, CAST('asset' || i AS BLOB), 'still', 'jpeg', 1, 1, 0 FROM n
                        WHERE i NOT IN (SELECT id FROM asset);
                    \(numbers) INSERT INTO search (rowid, description, tags, names)
                        SELECT i, 'one boat of number ' || i, '', '' FROM n
                        WHERE i NOT IN (SELECT rowid FROM search);
                    \(numbers) INSERT INTO file (root_id, volume_id, directory, name, device, inode,
                            size, mtime, ctime, asset_id, is_current, missing_since)
                        SELECT root_id, volume_id, directory, CAST(i AS BLOB), 1, i, 1, 1, 1, i, 1,
                            CASE WHEN i % 10 = 2 THEN 1.0 END
                        FROM n, file WHERE file.id = 1
                        AND i NOT IN (SELECT asset_id FROM file WHERE asset_id IS NOT NULL);
                    """)
        }
    }
}
