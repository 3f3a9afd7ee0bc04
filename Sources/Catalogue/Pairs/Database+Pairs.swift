import GRDB

extension Database {
    /// The asset that stands for another one, since both are of one press of the shutter.
    func primary(of asset: Int64) throws -> Int64? {
        try Int64.fetchOne(
            cachedStatement(sql: "SELECT primary_id FROM asset WHERE id = ?"), arguments: [asset])
    }
}
