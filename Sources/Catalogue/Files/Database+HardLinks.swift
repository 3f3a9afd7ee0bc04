import FileSystem
import GRDB

// Several names of one file: the kernel tells of a change under the name alone that was used.
extension Database {
    /// Has files looked at that are known with the inode of one that was seen, and another content.
    ///
    /// They are other names of it, or are gone and their inode serves another file: the look decides.
    ///
    /// - Returns: How many.
    /// - Throws: Errors of the database.
    func queueOtherNames(of status: FileStatus, at now: Double) throws -> Int {
        try queueNames(
            of: status, unlike: "AND (size, mtime) <> (?, ?)", [status.size, status.modified],
            at: now)
    }

    /// Has all files looked at that are known with an inode.
    ///
    /// - Returns: How many.
    /// - Throws: Errors of the database.
    func queueNames(of status: FileStatus, at now: Double) throws -> Int {
        try queueNames(of: status, unlike: "", [], at: now)
    }

    /// A file's job is queued afresh, with the moment of its last change.
    func requeue(_ file: Int64, changed: Int64, at now: Double) throws {
        try queueAfresh(.job, where: "file_id = ?", [file], at: now)
        try run("UPDATE job SET changed = ? WHERE file_id = ?", [changed, file])
    }

    /// Files that are there with an inode and a device, and that a condition holds for.
    static func namesSQL(_ condition: String) -> String {
        """
        SELECT file.id FROM file JOIN volume ON volume.id = file.volume_id
        WHERE inode = ? AND device = ? \(condition) AND missing_since IS NULL AND is_online = 1
        LIMIT 64
        """
    }

    private func queueNames(
        of status: FileStatus, unlike condition: String, _ values: StatementArguments,
        at now: Double
    ) throws -> Int {
        // Where inode numbers mean nothing, neither does their equality.
        guard status.inode != 0 else { return 0 }
        let files = try Int64.fetchAll(
            cachedStatement(sql: Self.namesSQL(condition)),
            arguments: [Int64(bitPattern: status.inode), Int64(bitPattern: status.device)] + values)
        for file in files { try requeue(file, changed: status.changed, at: now) }
        return files.count
    }
}
