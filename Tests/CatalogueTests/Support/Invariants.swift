@testable import Catalogue
import GRDB
import MediaDecoding
import Testing

extension Catalogue {
    /// Checks what must hold of any catalogue at rest between two calls.
    func expectInvariants(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try read { database in
            for (name, sql) in invariants {
                let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM (\(sql))")
                #expect(count == 0, "\(name)", sourceLocation: sourceLocation)
            }
            let rows = try Row.fetchAll(database, sql: "SELECT * FROM capture")
            let kept = Dictionary(
                uniqueKeysWithValues: rows.map {
                    ($0["asset_id"] as Int64, CaptureFacts(plain: $0))
                })
            #expect(kept == (try database.captures()), sourceLocation: sourceLocation)
        }
    }
}

extension Database {
    /// What the files of each asset say of the moment and place: of the first that tells a date, or else of
    /// the first.
    fileprivate func captures() throws -> [Int64: CaptureFacts] {
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT file.*, sidecar.texts AS sidecar_texts
                FROM file LEFT JOIN file AS sidecar ON sidecar.id = file.sidecar_id
                WHERE file.asset_id IS NOT NULL AND file.is_current = 1 ORDER BY file.id
                """)
        return Dictionary(grouping: rows) { $0["asset_id"] as Int64 }.compactMapValues { rows in
            let facts = rows.map { CaptureFacts($0) }
            let told = facts.first { $0.takenAt != nil } ?? facts.first
            return told == CaptureFacts() ? nil : told
        }
    }
}

extension CaptureFacts {
    fileprivate init(plain row: Row) {
        self.init(
            takenAt: row["taken_at"], camera: row["camera"], latitude: row["latitude"],
            longitude: row["longitude"])
    }
}

/// Queries that find rows which must not exist.
private let invariants = [
    "a file without its job": """
    SELECT 1 FROM file LEFT JOIN job ON job.file_id = file.id WHERE job.id IS NULL
    """,
    "a job that rests though its file is there, or the other way round": """
    SELECT 1 FROM job JOIN file ON file.id = file_id
    WHERE is_held <> (missing_since IS NOT NULL) OR job.volume_id <> file.volume_id
    """,
    "a file on a volume of another root": """
    SELECT 1 FROM file JOIN volume ON volume.id = volume_id WHERE file.root_id <> volume.root_id
    """,
    "a job that waits for nothing": """
    SELECT 1 FROM job JOIN file ON file.id = file_id WHERE job.state = 'waiting' AND (
        is_current = 0 OR NOT EXISTS (SELECT 1 FROM work WHERE work.asset_id = file.asset_id
            AND kind = 'describe' AND work.state <> 'failed'))
    """,
    "work that cannot be found though a file of its asset can be read": """
    SELECT 1 FROM work WHERE state = 'queued'
        AND (volume_id IS NULL OR volume_id NOT IN (SELECT id FROM live_volume))
        AND EXISTS (SELECT 1 FROM file WHERE file.asset_id = work.asset_id AND is_current = 1
            AND missing_since IS NULL AND file.volume_id IN (SELECT id FROM live_volume))
    """,
    "a finished job whose asset is not described": """
    SELECT 1 FROM job JOIN file ON file.id = file_id JOIN asset ON asset.id = file.asset_id
    WHERE state = 'done' AND (is_current = 0 OR primary_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM described WHERE described.asset_id = file.asset_id))
    """,
    "a finished job whose picture has no asset, or whose sidecar was not read": """
    SELECT 1 FROM job JOIN file ON file.id = file_id WHERE state = 'done'
        AND CASE WHEN file.is_sidecar THEN texts IS NULL OR is_current = 0
            ELSE asset_id IS NULL END
    """,
    "a sidecar that is a picture, or whose job is not one of a sidecar": """
    SELECT 1 FROM file JOIN job ON job.file_id = file.id
    WHERE file.is_sidecar <> job.is_sidecar
        OR file.is_sidecar AND (asset_id IS NOT NULL OR sidecar_id IS NOT NULL)
    """,
    "a picture whose sidecar is none, or elsewhere": """
    SELECT 1 FROM file JOIN file AS sidecar ON sidecar.id = file.sidecar_id
    WHERE sidecar.is_sidecar = 0 OR sidecar.texts IS NULL OR sidecar.root_id <> file.root_id
        OR sidecar.directory <> file.directory
    """,
    "an asset that stands for another and is stood for": """
    SELECT 1 FROM asset JOIN asset AS first ON first.id = asset.primary_id
    WHERE first.primary_id IS NOT NULL
    """,
    "a number of incomplete assets that is not theirs": """
    SELECT 1 FROM asset_total
    WHERE incomplete <> (SELECT count(*) FROM asset WHERE is_incomplete = 1)
    """,
    "a tag's number of assets with sidecars that is not theirs": """
    SELECT 1 FROM tag WHERE sidecar_assets <> (
        SELECT count(*) FROM asset_tag WHERE tag_id = tag.id AND source = 'sidecar'
            AND NOT EXISTS (SELECT 1 FROM hidden_asset
                WHERE hidden_asset.asset_id = asset_tag.asset_id))
    """,
    "an asset without its row in the index": """
    SELECT id FROM asset EXCEPT SELECT rowid FROM search
    """,
    "a row of the index without its asset": """
    SELECT rowid FROM search EXCEPT SELECT id FROM asset
    """,
    "a tag that nothing carries": """
    SELECT id FROM tag EXCEPT SELECT tag_id FROM asset_tag EXCEPT SELECT tag_id FROM removed_tag
    """,
    "a tag that a person removed and that is there": """
    SELECT 1 FROM asset_tag JOIN removed_tag USING (asset_id, tag_id)
    WHERE removed_tag.source = 'human'
    """,
    "a hidden tag that nobody removed": """
    SELECT 1 FROM removed_tag AS hidden WHERE source <> 'human' AND NOT EXISTS (
        SELECT 1 FROM removed_tag WHERE asset_id = hidden.asset_id AND tag_id = hidden.tag_id
            AND source = 'human')
    """,
    "an asset that is counted as orphaned and is not, or the other way round": """
    SELECT 1 FROM asset WHERE (orphaned_at IS NULL) <> EXISTS (
        SELECT 1 FROM file WHERE asset_id = asset.id)
    """,
    "an asset that is hidden though a file shows it, or the other way round": """
    SELECT 1 FROM asset WHERE EXISTS (SELECT 1 FROM hidden_asset WHERE asset_id = asset.id)
        = (primary_id IS NULL AND EXISTS (SELECT 1 FROM file
            WHERE asset_id = asset.id AND is_current = 1 AND missing_since IS NULL))
    """,
    "a hidden asset that is none": """
    SELECT asset_id FROM hidden_asset EXCEPT SELECT id FROM asset
    """,
    "an undated asset that is none": """
    SELECT asset_id FROM undated_asset EXCEPT SELECT id FROM asset
        WHERE id NOT IN (SELECT asset_id FROM capture WHERE taken_at IS NOT NULL)
    """,
    "an undated asset that is not noted": """
    SELECT id FROM asset WHERE id NOT IN (SELECT asset_id FROM capture WHERE taken_at IS NOT NULL)
        EXCEPT SELECT asset_id FROM undated_asset
    """,
    "a number of assets that is not theirs": """
    SELECT assets FROM asset_total WHERE assets <> (SELECT count(*) FROM asset)
    """,
    "a number of jobs that is not theirs": differences(
        "SELECT volume_id, is_held, state, files FROM job_total",
        "SELECT volume_id, is_held, state, count(*) FROM job WHERE is_sidecar = 0 GROUP BY volume_id, is_held, state"
    ),
    "a number of sidecars' jobs that is not theirs": differences(
        "SELECT volume_id, is_held, state, files FROM sidecar_total",
        """
        SELECT volume_id, is_held, state, count(*) FROM job WHERE is_sidecar = 1
        GROUP BY volume_id, is_held, state
        """),
    "a recipe's number of assets that is not theirs": """
    SELECT 1 FROM recipe
    WHERE assets <> (SELECT count(*) FROM described WHERE recipe_id = recipe.id)
    """,
    "a model's number of assets that is not theirs": differences(
        "SELECT model, version, assets FROM model_total WHERE assets > 0",
        """
        SELECT model, version, count(DISTINCT asset_id)
        FROM described JOIN recipe ON recipe.id = recipe_id GROUP BY model, version
        """),
    "a recipe's number of assets with files that is not theirs": """
    SELECT 1 FROM recipe WHERE owned_assets <> (SELECT count(*) FROM described
        WHERE recipe_id = recipe.id
            AND EXISTS (SELECT 1 FROM file WHERE file.asset_id = described.asset_id))
    """,
    "a number of described assets with files that is not theirs": """
    SELECT 1 FROM described_total WHERE assets <> (SELECT count(DISTINCT asset_id) FROM described
        WHERE EXISTS (SELECT 1 FROM file WHERE file.asset_id = described.asset_id))
    """,
    "a number of works that is not theirs": differences(
        "SELECT volume_id, recipe_id, priority, is_clip, state, works FROM work_total",
        """
        SELECT coalesce(volume_id, 0), recipe_id, priority, asset.kind = 'video', state, count(*)
        FROM work JOIN asset ON asset.id = asset_id GROUP BY 1, 2, 3, 4, 5
        """),
    "a number of embeddings that is not theirs": differences(
        "SELECT recipe_id, rows FROM embedding_total WHERE rows > 0",
        "SELECT recipe_id, count(*) FROM embedding GROUP BY recipe_id"),
    "work by a recipe that makes something else": """
    SELECT 1 FROM work JOIN recipe ON recipe.id = recipe_id WHERE work.kind <> recipe.kind
    """,
    "a tag that counts though a newer recipe's do, or the other way round": """
    SELECT 1 FROM asset_tag WHERE recipe_id IS NOT NULL AND is_superseded = (
        recipe_id = (SELECT recipe_id FROM described WHERE described.asset_id = asset_tag.asset_id
            ORDER BY at DESC, recipe_id DESC LIMIT 1))
    """,
    "a tag's number of assets that is not theirs": """
    SELECT 1 FROM tag WHERE assets <> (
        SELECT count(DISTINCT asset_id) FROM asset_tag WHERE tag_id = tag.id
            AND is_superseded = 0 AND NOT EXISTS (SELECT 1 FROM hidden_asset
                WHERE hidden_asset.asset_id = asset_tag.asset_id))
    """,
    "a name of no file": """
    SELECT rowid FROM more_names EXCEPT SELECT id FROM file WHERE is_current = 1
    """,
    "a name that no index has": """
    SELECT asset_id FROM file WHERE is_current = 1
        AND id NOT IN (SELECT rowid FROM more_names)
    GROUP BY asset_id HAVING count(*) > 32
    """,
]

/// A query for rows that only one of two queries gives.
private func differences(_ first: String, _ second: String) -> String {
    """
    SELECT * FROM (SELECT * FROM (\(first)) EXCEPT SELECT * FROM (\(second)))
    UNION ALL SELECT * FROM (SELECT * FROM (\(second)) EXCEPT SELECT * FROM (\(first)))
    """
}
