import FileSystem
import Foundation
import GRDB
import SystemPackage

/// Brings the tables in line with what was observed of one root, within one transaction.
struct ObservationRecorder {
    let database: Database
    let rootID: Int64
    /// Seconds since 1970.
    let now: Double
    private(set) var outcome = ObservationOutcome()

    init(database: Database, rootID: Int64, now: Double) {
        self.database = database
        self.rootID = rootID
        self.now = now
    }

    mutating func record(_ observation: FileObservation) throws {
        switch observation {
        case .settled(let path, let status):
            let (directory, name) = try PathBytes.split(path)
            let known = try database.knownFile(rootID, directory, name)
            try apply(status, to: known, directory, name)
        case .absent(let path):
            try recordAbsence(of: path)
        case .listing(let listing):
            try record(listing)
        }
    }

    /// Whatever stood at the path, a file or a directory with all below it, is missing.
    private mutating func recordAbsence(of path: FilePath) throws {
        if !path.isEmpty {
            let (directory, name) = try PathBytes.split(path)
            if let known = try database.knownFile(rootID, directory, name) {
                try markMissing(known)
            }
        }
        let directory = try PathBytes.directory(path)
        try markMissing(from: directory, to: PathBytes.end(of: directory))
    }

    private mutating func record(_ listing: DirectoryListing) throws {
        let directory = try PathBytes.directory(listing.directory)
        var unlisted = try database.knownFiles(rootID, in: directory)
        for file in listing.files {
            let name = PathBytes.bytes(file.name)
            let known = unlisted.removeValue(forKey: name)
            // A file that still changes is there, so that it is not missing; what it is will be
            // said when it has settled.
            guard file.isSettled else { continue }
            try apply(file.status, to: known, directory, name)
        }
        let unknown = Set(listing.unknown.map { PathBytes.bytes($0) })
        for (name, file) in unlisted where !unknown.contains(name) {
            try markMissing(file)
        }
        let listed = Set(listing.subdirectories.map { PathBytes.bytes($0) })
        for name in try database.subdirectories(rootID, of: directory)
        where !listed.contains(name) && !unknown.contains(name) {
            let gone = directory + name + Data([UInt8(ascii: "/")])
            try markMissing(from: gone, to: PathBytes.end(of: gone))
        }
    }
}

extension ObservationRecorder {
    private mutating func apply(
        _ status: FileStatus, to known: KnownFile?, _ directory: Data, _ name: Data
    ) throws {
        guard status.kind == .file else {
            if let known { try markMissing(known) }
            return
        }
        guard let known else {
            try insert(directory, name, status)
            outcome.queued += 1
            return
        }
        guard known.status.isUnchanged(in: status) else {
            try update(known, status)
            outcome.queued += 1
            return
        }
        if known.status.device != status.device {
            try database.run(
                "UPDATE file SET device = ? WHERE id = ?",
                [Int64(bitPattern: status.device), known.id])
        }
        if known.missingSince == nil {
            outcome.unchanged += 1
        } else {
            try database.run("UPDATE file SET missing_since = NULL WHERE id = ?", [known.id])
            outcome.returned += 1
        }
    }

    private func insert(_ directory: Data, _ name: Data, _ status: FileStatus) throws {
        let asset = try database.verifiedAsset(of: status)
        try database.run(
            """
            INSERT INTO file (root_id, directory, name, device, inode, size, mtime, ctime,
                asset_id, is_current)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                rootID, directory, name, Int64(bitPattern: status.device),
                Int64(bitPattern: status.inode), status.size, status.modified, status.changed,
                asset, asset != nil,
            ])
        try database.run(
            "INSERT INTO job (file_id, root_id, changed, updated_at) VALUES (?, ?, ?, ?)",
            [database.lastInsertedRowID, rootID, status.changed, now])
        if let asset {
            try database.run("UPDATE asset SET orphaned_at = NULL WHERE id = ?", [asset])
            try database.refreshSearch(asset)
        }
    }

    /// A changed file is queued afresh: old attempts were at another content, and whoever holds a
    /// lease on it holds it in vain.
    private func update(_ known: KnownFile, _ status: FileStatus) throws {
        let keepsContent = known.status.hasSameContent(as: status)
        try database.run(
            """
            UPDATE file SET device = ?, inode = ?, size = ?, mtime = ?, ctime = ?,
                missing_since = NULL, is_current = ?
            WHERE id = ?
            """,
            [
                Int64(bitPattern: status.device), Int64(bitPattern: status.inode), status.size,
                status.modified, status.changed, known.isCurrent && keepsContent, known.id,
            ])
        try database.run(
            """
            UPDATE job SET state = 'queued', lease = lease + 1, attempts = 0, interruptions = 0,
                not_before = NULL, leased_at = NULL, owner = NULL, last_error = NULL,
                describing = NULL, awaits = NULL, changed = ?, updated_at = ?
            WHERE file_id = ?
            """, [status.changed, now, known.id])
        if known.isCurrent && !keepsContent, let asset = known.assetID {
            try database.refreshSearch(asset)
        }
    }

    private mutating func markMissing(_ file: KnownFile) throws {
        guard file.missingSince == nil else { return }
        try database.run("UPDATE file SET missing_since = ? WHERE id = ?", [now, file.id])
        outcome.missing += 1
    }

    private mutating func markMissing(from start: Data, to end: Data) throws {
        try database.run(
            """
            UPDATE file SET missing_since = ?
            WHERE root_id = ? AND directory >= ? AND directory < ? AND missing_since IS NULL
            """, [now, rootID, start, end])
        outcome.missing += database.changesCount
    }
}
