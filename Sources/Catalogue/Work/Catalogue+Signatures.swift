import Foundation
import GRDB
public import WorkQueue

/// A signature and the asset that it is of.
public struct SignatureRow: Equatable, Sendable {
    /// The asset.
    public var asset: Int64
    /// What it is compared by.
    public var signature: StoredSignature
}

extension Catalogue {
    /// Signatures of one version of assets that are shown, behind an asset.
    ///
    /// - Parameters:
    ///   - version: The version.
    ///   - asset: The last that is known; 0 for all.
    ///   - limit: The most to read.
    /// - Returns: The rows, in the order of the assets' numbers; fewer than asked for if there are no more.
    /// - Throws: `CatalogueError`.
    public func signatures(
        version: Int, after asset: Int64, limit: Int
    ) throws(CatalogueError) -> [SignatureRow] {
        try read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT asset_id, bytes FROM signature
                        WHERE asset_id > ? AND version = ? AND NOT EXISTS (
                            SELECT 1 FROM hidden_asset
                            WHERE hidden_asset.asset_id = signature.asset_id)
                        ORDER BY asset_id LIMIT ?
                        """), arguments: [asset, version, limit]
            ).map { row in
                SignatureRow(
                    asset: row["asset_id"],
                    signature: StoredSignature(
                        version: version, bytes: [UInt8](row["bytes"] as Data)))
            }
        }
    }
}

extension Database {
    /// Stores what a still is compared by, in place of what it was compared by before.
    func store(_ signature: StoredSignature, of asset: Int64) throws {
        try run(
            """
            INSERT INTO signature (asset_id, version, bytes) VALUES (?, ?, ?)
            ON CONFLICT (asset_id) DO UPDATE
                SET version = excluded.version, bytes = excluded.bytes
            """, [asset, signature.version, Data(signature.bytes)])
    }
}
