import Foundation
import GRDB
public import MediaDecoding
import SystemPackage

/// Everything that is known of an asset, whatever its files.
public struct PictureDetails: Equatable, Sendable {
    /// What it is, and what is said of it.
    public var asset: AssetDetails
    /// What a page shows of it among others; its caption is the one that counts.
    public var brief: AssetBrief
    /// When, where and with what it was taken.
    public var capture: CaptureFacts
    /// Its files, and those of the same press of the shutter.
    public var files: [FileLocation]
}

extension Catalogue {
    /// What is known of an asset by its number; `nil` where there is none, or none of its files is there.
    ///
    /// - Throws: `CatalogueError`.
    public func picture(_ asset: Int64) throws(CatalogueError) -> PictureDetails? {
        guard let brief = try briefs([asset]).first else { return nil }
        return try read { database in
            guard let details = try database.assetDetails(asset),
                let hit = try database.hit(asset, NameMatch([]), cursor: ""), !hit.files.isEmpty
            else { return nil }
            let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT taken_at, camera, latitude, longitude FROM capture WHERE asset_id = ?
                        """), arguments: [asset])
            return PictureDetails(
                asset: details, brief: brief,
                capture: row.map { row in
                    CaptureFacts(
                        takenAt: row["taken_at"], camera: row["camera"],
                        latitude: row["latitude"], longitude: row["longitude"])
                } ?? CaptureFacts(),
                files: hit.files)
        }
    }

    /// A file from which an asset can be read now.
    ///
    /// - Parameter identity: The digest of its image data.
    /// - Returns: The file; `nil` where there is none, be it that all are out of reach.
    /// - Throws: `CatalogueError`.
    public func file(ofAsset identity: [UInt8]) throws(CatalogueError) -> WorkSource? {
        try read { database in
            let asset = try Int64.fetchOne(
                database.cachedStatement(sql: "SELECT id FROM asset WHERE identity = ?"),
                arguments: [Data(identity)])
            return try asset.flatMap(database.workSource)
        }
    }

    /// The same, by the asset's number.
    ///
    /// - Throws: `CatalogueError`.
    public func file(ofAsset asset: Int64) throws(CatalogueError) -> WorkSource? {
        try read { try $0.workSource(of: asset) }
    }
}
