public import FileSystem
public import Foundation
import GRDB
import SystemPackage

extension Catalogue {
    /// Marks a root as readable, with what is mounted at and below it now.
    ///
    /// The root's other volumes are offline from now on: their files rest, and nothing of them is
    /// removed. The grace of missing files begins anew with `lookedThrough`. Several short transactions.
    ///
    /// - Throws: `CatalogueError`.
    public func setOnline(_ rootID: Int64, volumes: [Volume]) throws(CatalogueError) {
        // The outermost first, so that what a mount hides is sought on the one that it is mounted in.
        let volumes = volumes.sorted { $0.point.components.count < $1.point.components.count }
        let online = try write { database in
            try database.execute(
                sql: "UPDATE root SET is_online = 1, offline_reason = NULL WHERE id = ?",
                arguments: [rootID])
            try database.checkRoot(changed: rootID)
            try database.execute(
                sql: """
                    UPDATE volume SET is_online = 0, looked_through_at = NULL WHERE root_id = ?
                    """, arguments: [rootID])
            return try volumes.map { volume in
                let known = try database.knownVolume(volume, in: rootID)
                try database.execute(
                    sql: "UPDATE volume SET is_online = 1 WHERE id = ?", arguments: [known.id])
                return known
            }
        }
        for (index, hiding) in online.enumerated() {
            let hidden = online[..<index].last { hiding.point.starts(with: $0.point) }
            guard let hidden, hidden.point != hiding.point else { continue }
            try hide(hidden, below: hiding.point, in: rootID)
        }
        try findReadableFilesForWork()
    }

    /// Notes that every directory on the volumes of a root that are online has been listed since they
    /// came online: what is missing there now is missing.
    ///
    /// One transaction.
    ///
    /// - Throws: `CatalogueError`.
    public func lookedThrough(_ rootID: Int64, at now: Date = Date()) throws(CatalogueError) {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE volume SET looked_through_at = coalesce(looked_through_at, ?)
                    WHERE root_id = ? AND is_online = 1
                    """, arguments: [now.timeIntervalSince1970, rootID])
        }
    }

    /// Files of a volume at whose place something else is mounted are out of reach: they get a row of
    /// their own among the volumes, which is offline.
    private func hide(
        _ hidden: KnownVolume, below point: Data, in rootID: Int64
    ) throws(CatalogueError) {
        var place: (Data, Data)? = (point, Data([0]))
        try writeInSlices { database in
            guard let (directory, name) = place else { return false }
            let files = try Row.fetchAll(
                database.cachedStatement(sql: Database.filesOfVolumeSQL),
                arguments: [rootID, directory, name, PathBytes.end(of: point), hidden.id])
            guard let last = files.last else { return false }
            let cover = try database.volumeID(
                key: hidden.key, point: point, in: rootID, isOnline: false)
            for file in files {
                try database.run(
                    "UPDATE file SET volume_id = ? WHERE id = ?", [cover, file["id"] as Int64])
            }
            place = (last["directory"], last["name"])
            return true
        }
    }

    /// Finds readable files for work whose asset had none, or had one that is out of reach now.
    ///
    /// Several short transactions.
    func findReadableFilesForWork() throws(CatalogueError) {
        let stranded = try write { database in
            try Int64.fetchAll(database, sql: Database.strandedVolumesSQL).map(Int64?.some) + [nil]
        }
        for volume in stranded {
            // A million may have none, as where a disk is not there: one reading passes them over, and keeps nobody
            // from writing. A number takes eight bytes.
            var works = try read { database in
                try Int64.fetchAll(database, sql: Database.readableWorkSQL, arguments: [volume])
            }[...]
            try writeInSlices { database in
                for work in works.prefix(100) {
                    try database.run(Database.readableVolumeSQL, [work, volume])
                }
                works = works.dropFirst(100)
                return !works.isEmpty
            }
        }
    }
}

/// A row of the table `volume`.
struct KnownVolume {
    var id: Int64
    var key: String
    var point: Data
}

extension Database {
    static let filesOfVolumeSQL = """
        SELECT id, directory, name FROM file
        WHERE root_id = ? AND (directory, name) > (?, ?) AND directory < ? AND volume_id = ?
        ORDER BY directory, name LIMIT 100
        """

    static let strandedVolumesSQL = """
        SELECT id FROM volume WHERE id NOT IN (SELECT id FROM live_volume)
            AND EXISTS (SELECT 1 FROM work WHERE volume_id = volume.id AND state = 'queued')
        """

    /// Whether a file of the asset of `work` can be read now; its `volume_id` is where.
    private static let readableFileSQL = """
        FROM file WHERE file.asset_id = work.asset_id AND is_current = 1 AND missing_since IS NULL
            AND file.volume_id IN (SELECT id FROM live_volume)
        """

    static let readableWorkSQL = """
        SELECT id FROM work WHERE volume_id IS ? AND state = 'queued'
            AND EXISTS (SELECT 1 \(readableFileSQL))
        """

    /// What has changed since it was found stays as it is.
    static let readableVolumeSQL = """
        UPDATE work SET volume_id = (SELECT file.volume_id \(readableFileSQL) LIMIT 1)
        WHERE id = ?1 AND volume_id IS ?2 AND state = 'queued' AND EXISTS (SELECT 1 \(readableFileSQL))
        """

    /// A volume on which a file of the asset can be read now.
    func liveVolume(of asset: Int64) throws -> Int64? {
        let statement = try cachedStatement(
            sql: """
                SELECT volume_id FROM file
                WHERE asset_id = ? AND is_current = 1 AND missing_since IS NULL
                    AND volume_id IN (SELECT id FROM live_volume)
                LIMIT 1
                """)
        return try Int64.fetchOne(statement, arguments: [asset])
    }

    /// The row of a volume, made if it is new; one without a key at the same point becomes it.
    func knownVolume(_ volume: Volume, in rootID: Int64) throws -> KnownVolume {
        let point = try PathBytes.directory(volume.point)
        let key = StoredText.clean(volume.key)
        return KnownVolume(
            id: try volumeID(key: key, point: point, in: rootID, isOnline: true), key: key,
            point: point)
    }

    func volumeID(key: String, point: Data, in rootID: Int64, isOnline: Bool) throws -> Int64 {
        let find = try cachedStatement(
            sql: "SELECT id FROM volume WHERE root_id = ? AND key = ? AND point = ?")
        if let id = try Int64.fetchOne(find, arguments: [rootID, key, point]) { return id }
        try run(
            "UPDATE volume SET key = ? WHERE root_id = ? AND key = '' AND point = ?",
            [key, rootID, point])
        if changesCount == 0 {
            try run(
                "INSERT INTO volume (root_id, key, point, is_online) VALUES (?, ?, ?, ?)",
                [rootID, key, point, isOnline])
        }
        guard let id = try Int64.fetchOne(find, arguments: [rootID, key, point]) else {
            throw CatalogueError.invalid(reason: "a volume has no number")
        }
        return id
    }
}
