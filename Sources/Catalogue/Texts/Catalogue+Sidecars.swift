public import Foundation
import GRDB
public import MediaDecoding

extension Catalogue {
    /// Records what a sidecar says, which from now on counts for the files that it belongs to.
    ///
    /// One transaction. A sidecar that cannot be read is failed like any other file, and changes nothing:
    /// what it said before counts on.
    ///
    /// - Parameters:
    ///   - job: The lease; if it is void, nothing is recorded.
    ///   - facts: What it says.
    ///   - codecs: The version of the codecs that read it.
    ///   - now: The moment.
    /// - Returns: Whether it was recorded.
    /// - Throws: `CatalogueError`.
    @discardableResult
    public func read(
        sidecar job: LeasedJob, saying facts: SidecarFacts, codecs: Int = CodecsVersion.current,
        at now: Date = Date()
    ) throws(CatalogueError) -> Bool {
        // First, so that a kill between the two repeats both: what is heeded already is not heeded again.
        for (picture, base) in try sidecarBases(ofSidecar: job.fileID) {
            try heedTags(of: facts, writtenLast: base, file: picture, at: now)
        }
        return try write { database in
            guard try database.holds(job) else { return false }
            try database.run(
                "UPDATE file SET texts = ?, is_current = 1 WHERE id = ?",
                [try StoredFacts.text(facts), job.fileID])
            try database.finish(job, codecs: codecs, at: now.timeIntervalSince1970)
            for picture in try database.pictures(ofSidecar: job.fileID) {
                try database.findSidecar(of: picture, isNews: true)
            }
            if let asset = try database.assetApart(ofSidecar: job.fileID) {
                try database.refreshTexts(asset)
            }
            return true
        }
    }
}

extension Database {
    /// Files that a sidecar's word may count for, or counted for until now.
    ///
    /// - Parameters:
    ///   - sidecar: Its number.
    ///   - folder: A root whose sidecars lie apart from their pictures; `nil` for the one that is kept now.
    /// - Returns: The files' numbers.
    /// - Throws: Errors of the database.
    func pictures(ofSidecar sidecar: Int64, apartIn folder: Int64? = nil) throws -> [Int64] {
        let row = try Row.fetchOne(
            cachedStatement(
                sql: "SELECT root_id, volume_id, directory, name FROM file WHERE id = ?"),
            arguments: [sidecar])
        guard let row else { return [] }
        let known = try linkedPictures(ofSidecar: sidecar)
        if let apart = try folder ?? sidecarFolder(), apart == row["root_id"] {
            let found = try pictures(
                ofSidecarAt: SidecarPlaceBytes(directory: row["directory"], name: row["name"]))
            return found + known.filter { !found.contains($0) }
        }
        let subject = SidecarName.subject(of: row["name"])
        let range = SidecarName.range(ofStem: subject)
        let statement = try cachedStatement(sql: Self.namesakesSQL)
        let named = try Row.fetchAll(
            statement,
            arguments: [
                row["root_id"], row["directory"], row["volume_id"], subject, range.start, range.end,
            ])
        let found = named.filter { row in
            let name: Data = row["name"]
            return name == subject || SidecarName.stem(of: name) == subject
        }.map { $0["id"] as Int64 }
        return found + known.filter { !found.contains($0) }
    }

    /// Files for which a sidecar's word counts.
    func linkedPictures(ofSidecar sidecar: Int64) throws -> [Int64] {
        try Int64.fetchAll(
            cachedStatement(sql: "SELECT id FROM file WHERE sidecar_id = ?"),
            arguments: [sidecar])
    }

    /// Files of one directory and volume that have a name, or begin with a stem and its dot.
    static let namesakesSQL = """
        SELECT id, name FROM file
        WHERE root_id = ?1 AND directory = ?2 AND volume_id = ?3 AND is_sidecar = 0 AND name = ?4
        UNION ALL
        SELECT * FROM (SELECT id, name FROM file
            WHERE root_id = ?1 AND directory = ?2 AND volume_id = ?3 AND is_sidecar = 0
                AND name >= ?5 AND name < ?6
            ORDER BY name LIMIT 256)
        """

    /// Finds the sidecar whose word counts for a file, and brings the file's asset in line if that is
    /// another one than before.
    ///
    /// - Parameters:
    ///   - file: The file's number.
    ///   - isNews: Whether the sidecar itself may say something else than before.
    /// - Throws: Errors of the database.
    func findSidecar(of file: Int64, isNews: Bool) throws {
        let row = try Row.fetchOne(
            cachedStatement(
                sql: """
                    SELECT root_id, volume_id, directory, name, sidecar_id, asset_id, is_current
                    FROM file WHERE id = ?
                    """), arguments: [file])
        guard let row else { return }
        let sidecar = try sidecar(
            ofFile: row["name"], in: row["directory"], root: row["root_id"],
            volume: row["volume_id"])
        guard isNews || sidecar != row["sidecar_id"] as Int64? else { return }
        try run("UPDATE file SET sidecar_id = ? WHERE id = ?", [sidecar, file])
        guard let asset: Int64 = row["asset_id"], row["is_current"] else { return }
        if let sidecar { try note(sidecar: sidecar, of: asset) }
        try refreshTexts(asset)
    }

    /// The sidecar whose word counts for a file: that beside it before that in the folder apart.
    func sidecar(
        ofFile name: Data, in directory: Data, root: Int64, volume: Int64
    ) throws -> Int64? {
        try sidecar(of: name, in: directory, root: root, volume: volume)
            ?? sidecarApart(ofFile: name, in: directory, root: root)
    }

    /// The sidecar of a file in one directory: that of its whole name before that of its stem, which must not name
    /// another extension.
    func sidecar(of name: Data, in directory: Data, root: Int64, volume: Int64?) throws -> Int64? {
        let names = SidecarName.candidates(for: name)
        let suffix = SidecarName.fileExtension(of: name)
        let statement = try cachedStatement(sql: Self.sidecarsSQL)
        let rows = try Row.fetchAll(
            statement, arguments: [root, directory, volume] + StatementArguments(names))
        let found = rows.filter { row in
            let sidecar: Data = row["name"]
            guard SidecarName.subject(of: sidecar) != name else { return true }
            let own = StoredFacts.sidecar(row["texts"])?.fileExtension
            return own == nil || own == suffix
        }
        return found.min { first, second in
            names.firstIndex(of: first["name"]) ?? 0 < names.firstIndex(of: second["name"]) ?? 0
        }?["id"]
    }

    static let sidecarsSQL = """
        SELECT id, name, texts FROM file
        WHERE root_id = ?1 AND directory = ?2 AND volume_id = coalesce(?3, volume_id)
            AND name IN (?4, ?5, ?6, ?7, ?8, ?9) AND is_sidecar = 1 AND texts IS NOT NULL
        """
}
