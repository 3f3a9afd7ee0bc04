import MediaDecoding
import FileSystem
import Foundation
import GRDB
public import WorkQueue

extension Catalogue {
    /// A file from which the asset of a lease can be read now, one that has not failed before others.
    ///
    /// - Returns: The file; `nil` if none is left, so that the lease should be released: the work rests
    ///   until there is one.
    /// - Throws: `CatalogueError`.
    public func file(for lease: WorkLease) throws(CatalogueError) -> WorkSource? {
        try read { try $0.workSource(of: lease.asset) }
    }
}

extension Database {
    /// A file from which an asset can be read now.
    func workSource(of asset: Int64) throws -> WorkSource? {
        try Row.fetchOne(cachedStatement(sql: Self.workSourceSQL), arguments: [asset])
            .flatMap(WorkSource.init)
    }

    static let workSourceSQL = """
        SELECT file.id AS file_id, file.root_id, root.path AS root_path, directory, name,
            volume.key, volume.point, device, inode, size, mtime, ctime, taken_at, camera, latitude,
            longitude, identity, kind, format, width, height, duration
        FROM file JOIN asset ON asset.id = asset_id JOIN root ON root.id = file.root_id
            JOIN volume ON volume.id = file.volume_id JOIN job ON job.file_id = file.id
        WHERE asset_id = ? AND is_current = 1 AND missing_since IS NULL
            AND file.volume_id IN (SELECT id FROM live_volume)
        ORDER BY job.state = 'failed', file.id LIMIT 1
        """
}

extension WorkSource {
    fileprivate init?(_ row: Row) {
        guard let kind = AssetKind(rawValue: row["kind"]) else { return nil }
        self.init(
            fileID: row["file_id"], root: PathBytes.path(row["root_path"] as Data),
            rootID: row["root_id"], relativePath: PathBytes.path(row["directory"], row["name"]),
            volume: Volume(row), status: FileStatus(row),
            facts: AssetFacts(
                identity: [UInt8](row["identity"] as Data), kind: kind, format: row["format"],
                width: row["width"], height: row["height"], duration: row["duration"],
                capture: CaptureFacts(
                    takenAt: row["taken_at"], camera: row["camera"], latitude: row["latitude"],
                    longitude: row["longitude"])))
    }
}
