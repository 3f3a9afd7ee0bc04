@testable import Catalogue
import GRDB
import Testing

extension Catalogue {
    /// Checks what must hold of any catalogue at rest between two calls.
    func expectInvariants(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try read { database in
            for (name, sql) in invariants {
                let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM (\(sql))")
                #expect(count == 0, "\(name)", sourceLocation: sourceLocation)
            }
        }
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
    SELECT 1 FROM job JOIN file ON file.id = file_id WHERE state = 'done'
        AND (is_current = 0 OR NOT EXISTS (
            SELECT 1 FROM described WHERE described.asset_id = file.asset_id))
    """,
    "an asset without its row in the index": """
    SELECT id FROM asset EXCEPT SELECT rowid FROM search
    """,
    "a row of the index without its asset": """
    SELECT rowid FROM search EXCEPT SELECT id FROM asset
    """,
    "a tag that nothing carries": """
    SELECT id FROM tag EXCEPT SELECT tag_id FROM asset_tag
    """,
    "an asset that is counted as orphaned and is not, or the other way round": """
    SELECT 1 FROM asset WHERE (orphaned_at IS NULL) <> EXISTS (
        SELECT 1 FROM file WHERE asset_id = asset.id)
    """,
]
