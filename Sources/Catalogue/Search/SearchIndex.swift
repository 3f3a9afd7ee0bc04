import Foundation
import GRDB

extension Database {
    /// Writes the asset's row of the full-text index anew, from what the other tables say.
    func refreshSearch(_ asset: Int64) throws {
        try run("DELETE FROM search WHERE rowid = ?", [asset])
        let exists = try Bool.fetchOne(
            cachedStatement(sql: "SELECT 1 FROM asset WHERE id = ?"), arguments: [asset])
        guard exists != nil else { return }
        try run(
            "INSERT INTO search (rowid, description, tags, names) VALUES (?, ?, ?, ?)",
            [
                asset,
                descriptions(of: asset).searched.map(\.text).joined(separator: "\n"),
                tags(of: asset).map(\.text).joined(separator: "\n"),
                names(of: asset).joined(separator: "\n"),
            ])
    }

    /// Writes the index's row of an asset that has just been made, of which nothing is known but the path
    /// below its root of its only file.
    func addToSearch(_ asset: Int64, named path: Data) throws {
        try run(
            "INSERT INTO search (rowid, description, tags, names) VALUES (?, '', '', ?)",
            [asset, String(decoding: path, as: UTF8.self)])
    }

    /// The paths below their roots of files that hold the asset, or another one that it stands for.
    private func names(of asset: Int64) throws -> [String] {
        try ([asset] + companions(of: asset)).flatMap(ownNames)
    }

    /// The paths below their roots of files that hold the asset, as text, without those that the table
    /// `more_names` has: at most `Schema.maximumNames`.
    private func ownNames(of asset: Int64) throws -> [String] {
        let statement = try cachedStatement(
            sql: """
                SELECT directory, name FROM file WHERE asset_id = ? AND is_current = 1
                    AND NOT EXISTS (SELECT 1 FROM more_names WHERE more_names.rowid = file.id)
                ORDER BY id LIMIT \(Schema.maximumNames)
                """)
        return try Row.fetchAll(statement, arguments: [asset]).map { row in
            String(decoding: (row["directory"] as Data) + (row["name"] as Data), as: UTF8.self)
        }
    }
}
