@testable import Catalogue
import Foundation
import GRDB
import Testing
import WorkQueue

@Suite struct SchemaTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
    }

    @Test func findsTheNextJobByItsIndexAlone() throws {
        try expectPlan(
            of: Database.nextJobSQL, [1, 0], uses: "job_next", avoids: ["SCAN", "TEMP B-TREE"])
    }

    @Test func readsWhatIsPendingFromCounts() throws {
        try expectPlan(
            of: Database.pendingFilesSQL, [], uses: "job_total USING PRIMARY KEY",
            avoids: ["job USING"])
        try expectPlan(
            of: Database.pendingWorkSQL, ["recipes": nil as String?], uses: "work_total",
            avoids: ["work USING"])
    }

    @Test func noticesAnOpenJobByIndexes() throws {
        try expectPlan(
            of: Database.openJobsSQL, [], uses: "INDEX job_leased",
            avoids: ["SCAN job USING INDEX job_next", "TEMP B-TREE"])
    }

    @Test func seesWhatIsInHandByItsIndex() throws {
        try expectPlan(
            of: Database.inHandSQL, [], uses: "job USING INDEX job_leased",
            avoids: ["job_next", "TEMP B-TREE"])
    }

    @Test func findsADirectorysFilesByTheirIndex() throws {
        try expectPlan(
            of: Database.listingSQL, [1, Data([0x2F]), Data([0]), 9],
            uses: "root_id=? AND directory=? AND name>?",
            avoids: ["SCAN", "TEMP B-TREE"])
    }

    @Test func leapsFromDirectoryToDirectory() throws {
        try expectPlan(
            of: Database.nextDirectorySQL, [1, Data([0x2F]), Data([0x30])],
            uses: "COVERING INDEX", avoids: ["SCAN", "TEMP B-TREE"])
    }

    @Test func findsOtherNamesOfAFileByItsInode() throws {
        try expectPlan(
            of: Database.namesSQL(""), [1, 7], uses: "file USING INDEX file_inode",
            avoids: ["SCAN", "TEMP B-TREE"])
    }

    @Test func searchesByTheFullTextIndex() throws {
        let query = SearchQuery("boat -car", tags: ["sea"], kind: .still)
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1, tags: ["sea"])
        let (sql, arguments) = try fixture.catalogue.read { database in
            let search = try AssetSearch(query, SearchExpression(query.text), in: database)
            return try #require(search).matchesSQL(after: 7, limit: 50)
        }
        try expectPlan(
            of: sql, arguments, uses: "SCAN search VIRTUAL TABLE INDEX",
            avoids: ["SCAN asset", "SCAN file", "SCAN tag", "TEMP B-TREE"])
    }

    @Test func findsATagsNewestAssetsByItsIndex() throws {
        let query = SearchQuery("", tags: ["sea"])
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1, tags: ["sea"])
        let (sql, arguments) = try fixture.catalogue.read { database in
            let search = try AssetSearch(query, SearchExpression(query.text), in: database)
            return try #require(search).matchesSQL(after: nil, limit: 50)
        }
        try expectPlan(
            of: sql, arguments, uses: "asset_tag USING INDEX asset_tag_tag",
            avoids: ["SCAN", "TEMP B-TREE"])
    }

    @Test func findsWhatFilesSayByTheirIndex() throws {
        try expectPlan(
            of: Database.writtenTextsSQL, [1], uses: "USING INDEX file_written",
            avoids: ["SCAN", "TEMP B-TREE"])
    }

    @Test func findsSidecarsAndTheirPicturesByNames() throws {
        let name = Data([0x61])
        try expectPlan(
            of: Database.sidecarsSQL, [1, name, 1, name, name, name, name, name, name],
            uses: "file_place", avoids: ["SCAN"])
        try expectPlan(
            of: Database.namesakesSQL, [1, name, 1, name, name, name], uses: "file_place",
            avoids: ["SCAN file", "TEMP B-TREE"])
    }

    @Test func findsFilesOfOnePressByIndexes() throws {
        let name = Data([0x61])
        try expectPlan(
            of: Database.neighboursSQL, [1, name, 1, name, name, "X"],
            uses: "file_content_identifier", avoids: ["SCAN file", "SCAN job", "SCAN asset"])
    }

    @Test(arguments: ["job", "work"])
    func findsOlderVerdictsByTheirIndex(_ table: String) throws {
        try expectPlan(
            of: Database.olderVerdictsSQL(table), [3], uses: "\(table)_codecs",
            avoids: ["TEMP B-TREE"])
    }

    @Test func keepsReferencesWhole() throws {
        #expect(throws: CatalogueError.self) {
            try fixture.catalogue.write {
                try $0.execute(sql: "UPDATE file SET root_id = 99")
                try $0.execute(
                    sql:
                        "INSERT INTO job (file_id, volume_id, changed, updated_at) VALUES (9,9,0,0)"
                )
            }
        }
    }

    @Test func acceptsNoModelsTextWithoutItsRecipe() throws {
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1)
        #expect(throws: CatalogueError.self) {
            try fixture.catalogue.write {
                try $0.execute(
                    sql: """
                        INSERT INTO description (asset_id, source, prompt, text)
                        VALUES (1, 'model', 'caption', 'from nowhere')
                        """)
            }
        }
    }

    @Test func workOfADiskThatIsNotThereIsPassedOverOnce() throws {
        // Sorted, a million pieces of work were gone through anew for each hundred of them.
        try expectPlan(
            of: Database.readableWorkSQL, [nil as Int64?], uses: "INDEX work_next",
            avoids: ["TEMP B-TREE"])
    }

    private func expectPlan(
        of sql: String, _ arguments: StatementArguments, uses index: String, avoids: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let plan = try fixture.catalogue.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments)
                .map { $0["detail"] as String }.joined(separator: "\n")
        }
        #expect(plan.contains(index), "\(plan)", sourceLocation: sourceLocation)
        for step in avoids {
            #expect(!plan.contains(step), "\(plan)", sourceLocation: sourceLocation)
        }
    }
}
