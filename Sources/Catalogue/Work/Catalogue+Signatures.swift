import Foundation
import GRDB
import WorkQueue

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
