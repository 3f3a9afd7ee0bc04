import FileSystem
import Foundation
import GRDB

/// What is known of a volume while something is observed on it.
struct VolumeScope {
    /// Its row.
    var id: Int64
    var key: String
    /// All rows of the root's that have its key: the volume itself, and what was hidden of it.
    var own: Set<Int64>
    /// The root's volumes that are offline and have other keys.
    var offline: Set<Int64>
}

/// Compares single files of a volume with what is known of them, within one transaction.
struct FileWriter {
    let database: Database
    let rootID: Int64
    let scope: VolumeScope
    /// Seconds since 1970.
    let now: Double
    private(set) var outcome: ObservationOutcome

    /// What is known of a place.
    struct Known {
        /// The file on the volume itself.
        var own: KnownFile?
        /// Files on volumes that are out of reach.
        var offline: [KnownFile] = []
    }

    init(
        database: Database, rootID: Int64, scope: VolumeScope, now: Double,
        outcome: ObservationOutcome
    ) {
        self.database = database
        self.rootID = rootID
        self.scope = scope
        self.now = now
        self.outcome = outcome
    }

    func knownFile(_ directory: Data, _ name: Data) throws -> Known {
        var known = Known()
        for file in try database.knownFiles(rootID, directory, name) { add(file, to: &known) }
        return known
    }

    /// What is known in a directory, by name.
    ///
    /// - Parameters:
    ///   - directory: The directory.
    ///   - name: Names up to this one are left out.
    ///   - last: Names behind this one are left out; `nil` for none.
    /// - Returns: What is known, and the last name up to which that is all; `nil` if it is all there is.
    /// - Throws: Errors of the database.
    func knownFiles(
        in directory: Data, after name: Data, upTo last: Data?
    ) throws -> (files: [Data: Known], end: Data?) {
        let limit = 4 * ObservationRecorder.stepSize
        var rows = try database.knownFiles(rootID, in: directory, after: name, upTo: last, limit)
        var end = last
        if rows.count == limit, let final = rows.last?.name, rows.first?.name != final {
            // Of the last name there may be more rows.
            rows.removeAll { $0.name == final }
            end = rows.last?.name
        }
        var files: [Data: Known] = [:]
        files.reserveCapacity(rows.count)
        for file in rows { add(file, to: &files[file.name, default: Known()]) }
        return (files, end)
    }

    private func add(_ file: KnownFile, to known: inout Known) {
        if file.volumeID == scope.id || known.own == nil && scope.own.contains(file.volumeID) {
            known.own = file
        } else if scope.offline.contains(file.volumeID) {
            known.offline.append(file)
        }
    }

    /// Records that a file stands somewhere.
    mutating func record(
        _ status: FileStatus, of place: Known, _ directory: Data, _ name: Data
    ) throws {
        guard status.kind == .file else {
            if let known = place.own { try markMissing(known) }
            return
        }
        // File systems without an identity of their own get another one with each mount.
        let known =
            place.own
            ?? place.offline.filter { $0.status.hasSameData(as: status) }.min { $0.id < $1.id }
        guard let known else {
            try insert(directory, name, status)
            outcome.queued += 1
            outcome.queued += try database.queueOtherNames(of: status, at: now)
            return
        }
        let isSame =
            place.own == nil
            ? known.status.hasSameData(as: status) : known.status.isUnchanged(in: status)
        guard isSame else {
            try update(known, status)
            outcome.queued += 1
            outcome.queued += try database.queueOtherNames(of: status, at: now)
            return
        }
        try refresh(known, status)
    }

    mutating func markMissing(_ file: KnownFile) throws {
        guard file.missingSince == nil else { return }
        try database.run(
            "UPDATE file SET missing_since = ?, volume_id = ? WHERE id = ?",
            [now, scope.id, file.id])
        outcome.missing += 1
    }

    /// The file is as it was.
    private mutating func refresh(_ known: KnownFile, _ status: FileStatus) throws {
        if known.status != status || known.volumeID != scope.id || known.missingSince != nil {
            try database.run(
                """
                UPDATE file SET volume_id = ?, device = ?, inode = ?, ctime = ?, missing_since = NULL
                WHERE id = ?
                """,
                [
                    scope.id, Int64(bitPattern: status.device), Int64(bitPattern: status.inode),
                    status.changed, known.id,
                ])
        }
        if known.status.changed != status.changed {
            try database.run(
                "UPDATE job SET changed = ? WHERE file_id = ?", [status.changed, known.id])
        }
        if known.missingSince == nil && known.volumeID == scope.id {
            outcome.unchanged += 1
        } else {
            outcome.returned += 1
        }
    }

    private func insert(_ directory: Data, _ name: Data, _ status: FileStatus) throws {
        let isSidecar = SidecarName.isSidecar(name)
        let asset = isSidecar ? nil : try database.verifiedAsset(of: status)
        try database.run(
            """
            INSERT INTO file (root_id, volume_id, directory, name, device, inode, size, mtime, ctime,
                asset_id, is_current, is_sidecar)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                rootID, scope.id, directory, name, Int64(bitPattern: status.device),
                Int64(bitPattern: status.inode), status.size, status.modified, status.changed,
                asset, asset != nil, isSidecar,
            ])
        try database.run(
            """
            INSERT INTO job (file_id, volume_id, changed, is_sidecar, updated_at)
            VALUES (?, ?, ?, ?, ?)
            """, [database.lastInsertedRowID, scope.id, status.changed, isSidecar, now])
        if let asset {
            try database.run("UPDATE asset SET orphaned_at = NULL WHERE id = ?", [asset])
            try database.refreshTexts(asset)
        }
    }

    /// A changed file is queued afresh: old attempts were at another content, and whoever holds a
    /// lease on it holds it in vain.
    private func update(_ known: KnownFile, _ status: FileStatus) throws {
        let keepsContent = known.status.hasSameContent(as: status)
        try database.run(
            """
            UPDATE file SET volume_id = ?, device = ?, inode = ?, size = ?, mtime = ?, ctime = ?,
                missing_since = NULL, is_current = ?
            WHERE id = ?
            """,
            [
                scope.id, Int64(bitPattern: status.device), Int64(bitPattern: status.inode),
                status.size, status.modified, status.changed, known.isCurrent && keepsContent,
                known.id,
            ])
        try database.requeue(known.id, changed: status.changed, at: now)
        if known.isCurrent && !keepsContent, let asset = known.assetID {
            try database.refreshTexts(asset)
        }
    }
}

extension FileStatus {
    /// Whether size and time of the content are the same, whatever the file system says otherwise.
    fileprivate func hasSameData(as status: FileStatus) -> Bool {
        size == status.size && modified == status.modified
    }
}

extension Database {
    /// What is known of a volume, which is made if it is new.
    func scope(of volume: Volume, in rootID: Int64) throws -> VolumeScope {
        let known = try knownVolume(volume, in: rootID)
        var scope = VolumeScope(id: known.id, key: known.key, own: [], offline: [])
        let statement = try cachedStatement(
            sql: "SELECT id, key, is_online FROM volume WHERE root_id = ?")
        let rows = try Row.fetchCursor(statement, arguments: [rootID])
        while let row = try rows.next() {
            if row["key"] == known.key {
                scope.own.insert(row["id"])
            } else if !(row["is_online"] as Bool) {
                scope.offline.insert(row["id"])
            }
        }
        return scope
    }
}
