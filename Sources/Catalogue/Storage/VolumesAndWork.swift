import Foundation
import GRDB
import SystemPackage

/// Brings a catalogue of version 1 to version 2, within one transaction.
///
/// Which file system a file was on is not recorded in version 1. Each known mount point below a root
/// gets a volume without a key, offline, and so does the root itself; the key is learned when the owner
/// hears what is mounted there.
struct VolumesAndWork {
    let database: Database
    let onProgress: (MigrationProgress) -> Void
    /// Rows that are copied at a time.
    private static let batch: Int64 = 20_000

    func migrate() throws {
        let files = try Int.fetchOne(database, sql: "SELECT count(*) FROM file") ?? 0
        let jobs = try Int.fetchOne(database, sql: "SELECT count(*) FROM job") ?? 0
        // An index of a table takes about as long as a third of its copy.
        var progress = MigrationProgress(
            done: 0,
            total: files + jobs
                + (Schema.fileIndexes.count * files + Schema.jobIndexes.count * jobs) / 3)
        func advance(by rows: Int) {
            progress.done = min(progress.done + rows, progress.total)
            if files > 0 { onProgress(progress) }
        }
        try database.execute(sql: Schema.volumes)
        let mounts = try addVolumes()
        try rebuildFiles(mounts) { advance(by: $0) }
        try rebuildJobs { advance(by: $0) }
        try database.execute(sql: Schema.work)
        try database.execute(sql: Schema.mirrors)
        try database.execute(sql: "ALTER TABLE root DROP COLUMN mounts")
        try database.checkForeignKeys(in: "file")
        try database.checkForeignKeys(in: "job")
    }

    private struct MountedRange {
        var volume: Int64
        var root: Int64
        var point: Data
    }

    /// Makes the volumes without keys; returns those below their root, the outermost first.
    private func addVolumes() throws -> [MountedRange] {
        var ranges: [MountedRange] = []
        for row in try Row.fetchAll(database, sql: "SELECT id, path, mounts FROM root ORDER BY id")
        {
            let root: Int64 = row["id"]
            let path = PathBytes.path(row["path"] as Data)
            _ = try addVolume(at: Data([UInt8(ascii: "/")]), in: root)
            for bytes in (row["mounts"] as Data?)?.split(separator: 0) ?? [] {
                var point = PathBytes.path(Data(bytes))
                guard point.removePrefix(path), !point.isEmpty,
                    let directory = try? PathBytes.directory(point)
                else { continue }
                let volume = try addVolume(at: directory, in: root)
                ranges.append(MountedRange(volume: volume, root: root, point: directory))
            }
        }
        return ranges.sorted { $0.point.count < $1.point.count }
    }

    private func addVolume(at point: Data, in root: Int64) throws -> Int64 {
        try database.execute(
            sql:
                "INSERT OR IGNORE INTO volume (root_id, key, point, is_online) VALUES (?, '', ?, 0)",
            arguments: [root, point])
        let id = try Int64.fetchOne(
            database, sql: "SELECT id FROM volume WHERE root_id = ? AND point = ?",
            arguments: [root, point])
        guard let id else { throw CatalogueError.invalid(reason: "a volume has no number") }
        return id
    }

    private func rebuildFiles(
        _ mounts: [MountedRange], advance: (Int) -> Void
    ) throws {
        try database.execute(sql: Schema.filesOnVolumes)
        let columns = """
            root_id, directory, name, device, inode, size, mtime, ctime, asset_id, is_current,
            missing_since, taken_at, camera, latitude, longitude
            """
        try copy("file", advance: advance) { range in
            try database.execute(
                sql: """
                    INSERT INTO new_file (id, volume_id, \(columns))
                    SELECT file.id, (
                        SELECT id FROM volume WHERE volume.root_id = file.root_id AND point = X'2F'),
                        \(columns)
                    FROM file WHERE file.id BETWEEN ? AND ? ORDER BY file.id
                    """, arguments: [range.lowerBound, range.upperBound])
        }
        try replace("file")
        let rows = try Int.fetchOne(database, sql: "SELECT count(*) FROM file") ?? 0
        for index in Schema.fileIndexes {
            try database.execute(sql: index)
            advance(rows / 3)
        }
        for mount in mounts {
            try database.execute(
                sql: """
                    UPDATE file SET volume_id = ?
                    WHERE root_id = ? AND directory >= ? AND directory < ?
                    """,
                arguments: [mount.volume, mount.root, mount.point, PathBytes.end(of: mount.point)])
        }
    }

    private func rebuildJobs(advance: (Int) -> Void) throws {
        try database.execute(sql: Schema.jobsOnVolumes)
        let columns = """
            file_id, changed, is_held, lease, attempts, interruptions, not_before, leased_at,
            owner, last_error, updated_at
            """
        // Those that waited for another job's answer ask again.
        try copy("job", advance: advance) { range in
            try database.execute(
                sql: """
                    INSERT INTO new_job (id, volume_id, state, \(columns))
                    SELECT job.id, file.volume_id,
                        CASE state WHEN 'waiting' THEN 'queued' ELSE state END, \(columns)
                    FROM job JOIN file ON file.id = file_id
                    WHERE job.id BETWEEN ? AND ? ORDER BY job.id
                    """, arguments: [range.lowerBound, range.upperBound])
        }
        try replace("job")
        let rows = try Int.fetchOne(database, sql: "SELECT count(*) FROM job") ?? 0
        for index in Schema.jobIndexes {
            try database.execute(sql: index)
            advance(rows / 3)
        }
    }

    private func copy(
        _ table: String, advance: (Int) -> Void, _ body: (ClosedRange<Int64>) throws -> Void
    ) throws {
        let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM \(table)") ?? 0
        var first: Int64 = 1
        while first <= last {
            try body(first...min(first + Self.batch - 1, last))
            advance(database.changesCount)
            first += Self.batch
        }
    }

    /// Puts the new table in the old one's place; references by name find it.
    private func replace(_ table: String) throws {
        try database.execute(
            sql: "DROP TABLE \(table); ALTER TABLE new_\(table) RENAME TO \(table)")
    }
}
