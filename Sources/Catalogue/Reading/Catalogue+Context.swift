import GRDB

/// What is known of an asset beside what it looks like.
public struct AssetContext: Equatable, Sendable {
    /// People's tags: those that they gave here, and keywords in files and sidecars.
    public var tags: [String]
    /// When it was taken, local time as ISO 8601.
    public var takenAt: String?
    /// Degrees north.
    public var latitude: Double?
    /// Degrees east.
    public var longitude: Double?
}

extension Catalogue {
    /// What is known of an asset beside what it looks like, as a model may be told it.
    ///
    /// - Throws: `CatalogueError`.
    public func context(of asset: Int64) throws(CatalogueError) -> AssetContext {
        try read { database in
            let told = try database.primary(of: asset) ?? asset
            let capture = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT taken_at, latitude, longitude FROM capture
                        WHERE asset_id IN (?1, ?2) ORDER BY asset_id = ?1 DESC LIMIT 1
                        """), arguments: [asset, told])
            return AssetContext(
                tags: try database.tags(of: told).filter { $0.sources.contains { $0 != .model } }
                    .map(\.text),
                takenAt: capture?["taken_at"], latitude: capture?["latitude"],
                longitude: capture?["longitude"])
        }
    }
}
