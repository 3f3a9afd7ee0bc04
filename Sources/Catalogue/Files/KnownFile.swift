import FileSystem
import Foundation
import GRDB

/// A row of the table `file`, as far as observations are compared with it.
struct KnownFile {
    var id: Int64
    var volumeID: Int64
    var name: Data
    var status: FileStatus
    var assetID: Int64?
    var isCurrent: Bool
    /// Seconds since 1970.
    var missingSince: Double?

    init(_ row: Row) {
        id = row["id"]
        volumeID = row["volume_id"]
        name = row["name"]
        status = FileStatus(row)
        assetID = row["asset_id"]
        isCurrent = row["is_current"]
        missingSince = row["missing_since"]
    }

    fileprivate static let columns = """
        id, volume_id, directory, name, device, inode, size, mtime, ctime, asset_id, is_current,
        missing_since
        """
}

extension Database {
    /// What is known of this place, on whatever volume.
    func knownFiles(_ rootID: Int64, _ directory: Data, _ name: Data) throws -> [KnownFile] {
        let statement = try cachedStatement(
            sql: """
                SELECT \(KnownFile.columns) FROM file
                WHERE root_id = ? AND directory = ? AND name = ?
                """)
        return try Row.fetchAll(statement, arguments: [rootID, directory, name]).map(KnownFile.init)
    }

    /// What is known in the directory itself, on whatever volume, in the order of names.
    func knownFiles(
        _ rootID: Int64, in directory: Data, after name: Data, upTo last: Data?, _ limit: Int
    ) throws -> [KnownFile] {
        let statement = try cachedStatement(
            sql: last == nil ? Self.listingSQL : Self.partialListingSQL)
        let bounds: StatementArguments = [rootID, directory, name]
        let rows = try Row.fetchCursor(
            statement, arguments: bounds + (last.map { [$0] } ?? []) + [limit])
        var files: [KnownFile] = []
        while let row = try rows.next() { files.append(KnownFile(row)) }
        return files
    }

    static let listingSQL = """
        SELECT \(KnownFile.columns) FROM file WHERE root_id = ? AND directory = ? AND name > ?
        ORDER BY name, volume_id LIMIT ?
        """

    private static let partialListingSQL = """
        SELECT \(KnownFile.columns) FROM file
        WHERE root_id = ? AND directory = ? AND name > ? AND name <= ?
        ORDER BY name, volume_id LIMIT ?
        """

    /// Files in a range of directories that are not missing, on volumes with one key.
    static let presentFilesSQL = """
        SELECT \(KnownFile.columns) FROM file
        WHERE root_id = ? AND (directory, name, volume_id) > (?, ?, ?) AND directory < ?
            AND volume_id IN (SELECT id FROM volume WHERE root_id = ? AND key = ?)
            AND missing_since IS NULL
        ORDER BY directory, name, volume_id LIMIT ?
        """

    /// The names of the directories in `directory` that hold known files at any depth.
    ///
    /// Leaps through the index from one name to the next, so that the cost is one look-up a name,
    /// however many files lie below.
    func subdirectories(_ rootID: Int64, of directory: Data) throws -> [Data] {
        let end = PathBytes.end(of: directory)
        var names: [Data] = []
        // The first possible directory below: nothing sorts between `directory` and this.
        var start = directory + Data([0])
        let statement = try cachedStatement(sql: Self.nextDirectorySQL)
        while let next = try Data.fetchOne(statement, arguments: [rootID, start, end]) {
            let name = PathBytes.component(of: next, under: directory)
            names.append(Data(name))
            start = PathBytes.end(of: directory + name + Data([UInt8(ascii: "/")]))
        }
        return names
    }

    static let nextDirectorySQL = """
        SELECT directory FROM file WHERE root_id = ? AND directory >= ? AND directory < ?
        ORDER BY directory LIMIT 1
        """

    /// The asset of a known file that has this content, most likely under another name.
    ///
    /// A renamed file keeps its text while it waits to be identified again. That is safe: the same
    /// inode with the same size and the same modification time to the nanosecond is the same
    /// content, by the standard that tells changed files from unchanged ones. The job still decides.
    func verifiedAsset(of status: FileStatus) throws -> Int64? {
        // Where inode numbers mean nothing, neither does their equality.
        guard status.inode != 0 else { return nil }
        let statement = try cachedStatement(
            sql: """
                SELECT asset_id FROM file
                WHERE inode = ? AND size = ? AND mtime = ? AND device = ?
                    AND is_current = 1 AND asset_id IS NOT NULL
                LIMIT 1
                """)
        return try Int64.fetchOne(
            statement,
            arguments: [
                Int64(bitPattern: status.inode), status.size, status.modified,
                Int64(bitPattern: status.device),
            ])
    }

    /// Runs a statement that is kept prepared.
    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

extension FileStatus {
    /// Reads the columns `device`, `inode`, `size`, `mtime` and `ctime`.
    init(_ row: Row) {
        self.init(
            kind: .file, device: UInt64(bitPattern: row["device"] as Int64),
            inode: UInt64(bitPattern: row["inode"] as Int64), size: row["size"],
            modified: row["mtime"], changed: row["ctime"])
    }
}
