@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing
import WorkQueue

/// Random sequences of what changes a count, each followed by a count of everything.
@Suite struct CountsTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func equalAFullCountAfterWhateverHappens(seed: UInt64) throws {
        var world = try World(seed: seed)
        for step in 0..<900 {
            try world.step()
            if step.isMultiple(of: 10) { try world.catalogue.expectInvariants() }
        }
        #expect(world.described > 20)
        #expect(world.removed > 0)
    }

    /// What has grown by changes equals what an older catalogue's rows are counted to.
    @Test func areTheSameWhenTheyAreMadeAnew() throws {
        var world = try World(seed: 9)
        for _ in 0..<300 { try world.step() }
        let grown = try world.counts()
        try world.catalogue.write { database in
            for name in try String.fetchAll(database, sql: Self.triggers) {
                try database.execute(sql: "DROP TRIGGER \(name)")
            }
            let incomplete = try Int.fetchOne(database, sql: "SELECT incomplete FROM asset_total")
            for table in [
                "hidden_asset", "asset_total", "job_total", "model_total", "more_names",
                "described_total", "work_total", "work_done", "pace",
            ] {
                try database.execute(sql: "DROP TABLE \(table)")
            }
            for column in [
                "recipe.assets", "tag.assets", "asset_tag.is_superseded", "recipe.owned_assets",
                "work.is_clip", "root.passed_over", "root.passed_over_at",
            ] {
                let parts = column.split(separator: ".")
                try database.execute(sql: "ALTER TABLE \(parts[0]) DROP COLUMN \(parts[1])")
            }
            try Counts(database: database) { _ in }.migrate()
            try database.execute(
                sql: """
                    ALTER TABLE asset_total ADD COLUMN incomplete INTEGER NOT NULL DEFAULT 0;
                    UPDATE asset_total SET incomplete = \(incomplete ?? 0);
                    """)
            for triggers in [
                Schema.apartJobTriggers, Schema.pairedAssetTriggers,
                Schema.incompleteTotalTriggers, Schema.sidecarTagTriggers,
            ] {
                try database.execute(sql: triggers)
            }
            for statements in [
                Schema.progress, Schema.ownedAssetTriggers, Schema.workTotalTriggers,
            ] { try database.execute(sql: statements) }
        }
        #expect(try world.counts() == grown)
        try world.catalogue.expectInvariants()
    }

    private static let triggers = """
        SELECT name FROM sqlite_master WHERE type = 'trigger' AND name IN (
            'asset_counted', 'asset_uncounted', 'file_shows', 'file_shows_other',
            'file_shows_no_more', 'job_counted', 'job_recounted', 'job_uncounted', 'recipe_counted',
            'described_counted', 'described_again', 'described_uncounted', 'asset_shown',
            'asset_hidden', 'tag_given', 'tag_counts_again', 'tag_superseded', 'tag_taken',
            'file_named', 'file_renamed', 'file_unnamed', 'description_owned',
            'description_owned_no_more', 'asset_owned', 'asset_owned_no_more', 'owned_asset_deleted',
            'work_counted', 'work_recounted', 'work_uncounted', 'asset_paired', 'incomplete_counted',
            'incomplete_recounted', 'incomplete_uncounted', 'sidecar_tag_given',
            'sidecar_tag_taken', 'sidecar_asset_shown', 'sidecar_asset_hidden', 'sidecar_counted', 'sidecar_recounted',
            'sidecar_uncounted')
        """
}

/// A few files on a disk that comes and goes, described by two models.
private struct World {
    private var random: SplitMix
    private let fixture: CatalogueFixture
    private var clock = 0.0
    private(set) var described = 0
    private(set) var removed = 0

    private static let names = (0..<60).map { "\($0 % 3)/\($0).jpg" }

    init(seed: UInt64) throws {
        random = SplitMix(seed: seed)
        fixture = try CatalogueFixture()
    }

    var catalogue: Catalogue { fixture.catalogue }

    mutating func step() throws {
        clock += 1
        let now = CatalogueFixture.time(clock)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<35:
            let status = CatalogueFixture.status(
                UInt64.random(in: 1...90, using: &random),
                version: Int64.random(in: 1...2, using: &random), changed: Int64(clock))
            try fixture.observe(.settled(FilePath(pick(Self.names)), status), at: clock)
        case 35..<45: try fixture.observe(.absent(FilePath(pick(Self.names))), at: clock)
        case 45..<47: try fixture.observe(.absent(FilePath(pick(["0", "1", "2"]))), at: clock)
        case 47..<80: try work(at: now)
        case 80..<84:
            removed += try catalogue.removeExpired(grace: .seconds(5), at: now).files
        case 84..<88: try redo(at: now)
        case 88..<91: try giveTag()
        case 91..<94:
            try catalogue.write {
                try $0.execute(sql: "DELETE FROM asset_tag WHERE source = 'human'")
            }
        case 94..<97: try catalogue.setOffline(fixture.root.id, reason: "test")
        default:
            try catalogue.setOnline(fixture.root.id, volumes: [CatalogueFixture.disk])
            try catalogue.lookedThrough(fixture.root.id, at: now)
        }
    }

    /// Most files hold the same picture, so that it has more names than one row of the index takes.
    private mutating func work(at now: Date) throws {
        // Not always the files first, or no picture would ever be described again.
        if random.oneIn(2), let job = try catalogue.leaseNext(at: now) {
            let content: UInt8 = random.oneIn(3) ? UInt8.random(in: 2...9, using: &random) : 1
            let answer = try catalogue.identified(
                job, as: CatalogueFixture.facts(content), wanting: CatalogueFixture.recipe, at: now)
            guard case .needsDescription(let lease) = answer else { return }
            try finish(lease, at: now)
        } else if let lease = try catalogue.leaseWork(at: now) {
            try finish(lease, at: now)
        }
    }

    private mutating func finish(_ lease: WorkLease, at now: Date) throws {
        if random.oneIn(5) {
            _ = try catalogue.fail(lease, WorkFailure(reason: "odd", retryAfter: nil), at: now)
            return
        }
        let result = CatalogueFixture.result(
            tags: [ModelTag(pick(["boat", "sea", "car"])), ModelTag(pick(["boat", "dog"]))],
            recipe: lease.recipe)
        if try catalogue.complete(lease, with: result, at: now) { described += 1 }
    }

    private mutating func redo(at now: Date) throws {
        let model = pick(["tiny", "large"])
        let recipe = Recipe(
            model: model, version: "1", settings: [UInt8.random(in: 1...3, using: &random)])
        _ = try catalogue.redo(RedoSelection(includesCurrent: true), wanting: recipe, at: now)
    }

    private mutating func giveTag() throws {
        let name = pick(["boat", "mine"])
        try catalogue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO tag (name) SELECT ? WHERE EXISTS (SELECT 1 FROM asset)
                    ON CONFLICT DO NOTHING
                    """, arguments: [name])
            try database.execute(
                sql: """
                    INSERT INTO asset_tag (asset_id, tag_id, source)
                    SELECT asset.id, tag.id, 'human' FROM asset, tag WHERE name = ?
                    ON CONFLICT DO NOTHING
                    """, arguments: [name])
        }
    }

    /// Everything that is counted, as text.
    func counts() throws -> [String] {
        try catalogue.read { database in
            try [
                "SELECT * FROM hidden_asset", "SELECT * FROM asset_total",
                "SELECT * FROM job_total", "SELECT * FROM model_total WHERE assets > 0",
                "SELECT id, assets, owned_assets FROM recipe ORDER BY id",
                "SELECT * FROM described_total", "SELECT * FROM work_total",
                "SELECT id, assets FROM tag ORDER BY id",
                "SELECT rowid, is_superseded FROM asset_tag ORDER BY rowid",
            ].map { try Row.fetchAll(database, sql: $0).map(\.description).joined(separator: "\n") }
        }
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices.randomElement(using: &random) ?? ""
    }
}
