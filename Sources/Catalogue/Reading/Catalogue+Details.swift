public import FileSystem
public import Foundation
import GRDB
public import MediaDecoding
public import WorkQueue
public import SystemPackage

/// Everything that is known of a file.
public struct FileDetails: Equatable, Sendable {
    /// Where it is.
    public var location: FileLocation
    /// What `lstat` said when it was last observed.
    public var status: FileStatus
    /// Since when it has been missing; `nil` if it is there.
    public var missingSince: Date?
    /// When, where and with what it was taken: as its sidecar says, or else the file itself.
    public var capture: CaptureFacts
    /// Whether it is a sidecar itself.
    public var isSidecar: Bool
    /// The sidecar whose word counts for it.
    public var sidecar: FileLocation?
    /// Other files of the same press of the shutter: a raw, the clip of a Live Photo, or the still.
    public var partners: [FileLocation]
    /// What it says, if it is a sidecar itself that has been read.
    public var sidecarTexts: EmbeddedTexts?
    /// Where its job stands.
    public var job: JobDetails
    /// What it holds; `nil` while that is unknown, or unknown again because the file has changed.
    public var asset: AssetDetails?
}

/// Where a job stands.
public struct JobDetails: Equatable, Sendable {
    /// Its state.
    public var state: JobState
    /// How often it was tried.
    public var attempts: Int
    /// How often the program died while it was in hand.
    public var interruptions: Int
    /// What went wrong last.
    public var lastError: String?
    /// When it is tried again at the earliest.
    public var notBefore: Date?
    /// When it last changed.
    public var updatedAt: Date
}

/// Everything that is known of an asset.
public struct AssetDetails: Equatable, Sendable {
    /// Its number.
    public var id: Int64
    /// What it is; without what single files say.
    public var facts: AssetFacts
    /// The caption that counts.
    public var caption: String?
    /// All texts, those that count first.
    public var descriptions: [DescriptionDetails]
    /// Who wrote the caption.
    public var captionSource: DescriptionSource?
    /// The tags that count.
    public var tags: [String] { tagDetails.map(\.text) }
    /// The tags that count, with who gave them.
    public var tagDetails: [TagDetails]
    /// Stars, 1 … 5, or −1 for a picture that was rejected, as a person gave them.
    public var rating: Int?
    /// How many vision tokens are stored.
    public var tokenCount: Int
    /// How many elements each of them has; `nil` if there are none.
    public var tokenWidth: Int?
}

extension Catalogue {
    /// What is known of the file at the absolute path `path`; `nil` if nothing is.
    ///
    /// - Throws: `CatalogueError`.
    public func show(_ path: FilePath) throws(CatalogueError) -> FileDetails? {
        try read { database in
            for place in try database.places(of: path) where !place.relativePath.isEmpty {
                if let details = try database.details(place.root, place.relativePath) {
                    return details
                }
            }
            return nil
        }
    }

    /// The vision tokens of an asset by its newest recipe, in the order of time.
    ///
    /// - Throws: `CatalogueError`.
    public func tokens(of assetID: Int64) throws(CatalogueError) -> [VisionToken] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT second, vector FROM token
                    WHERE asset_id = ?1 AND recipe_id = (\(Database.newestRecipe))
                    ORDER BY coalesce(second, -1)
                    """, arguments: [assetID]
            ).map { row in
                VisionToken(
                    second: row["second"], elements: try HalfPrecision.decode(row["vector"]))
            }
        }
    }
}

extension Database {
    /// The recipe that described asset `?1` last.
    fileprivate static let newestRecipe = """
        SELECT recipe_id FROM described WHERE asset_id = ?1 ORDER BY at DESC, recipe_id DESC LIMIT 1
        """

    fileprivate func details(_ root: Root, _ path: FilePath) throws -> FileDetails? {
        let (directory, name) = try PathBytes.split(path)
        let row = try Row.fetchOne(
            self,
            sql: """
                SELECT file.*, volume.is_online, job.updated_at,
                    sidecar.directory AS sidecar_directory, sidecar.name AS sidecar_name,
                    sidecar.texts AS sidecar_texts,
                    coalesce(work.state, job.state) AS state,
                    coalesce(work.attempts, job.attempts) AS attempts,
                    coalesce(work.interruptions, job.interruptions) AS interruptions,
                    coalesce(work.last_error, job.last_error) AS last_error,
                    coalesce(work.not_before, job.not_before) AS not_before
                FROM file JOIN job ON job.file_id = file.id
                    JOIN volume ON volume.id = file.volume_id
                    LEFT JOIN file AS sidecar ON sidecar.id = file.sidecar_id
                    LEFT JOIN work ON job.state = 'waiting' AND work.id = (
                        SELECT id FROM work WHERE work.asset_id = file.asset_id
                            AND kind = 'describe' ORDER BY state = 'leased' DESC, id LIMIT 1)
                WHERE file.root_id = ? AND file.directory = ? AND file.name = ?
                ORDER BY volume.is_online DESC, file.missing_since IS NULL DESC, file.id LIMIT 1
                """, arguments: [root.id, directory, name])
        guard let row, let job = JobDetails(row) else { return nil }
        let isCurrent: Bool = row["is_current"]
        let asset: Int64? = isCurrent ? row["asset_id"] : nil
        let isOnline = root.state == .online && row["is_online"]
        let isSidecar: Bool = row["is_sidecar"]
        return FileDetails(
            location: FileLocation(root: root.path, relativePath: path, isOnline: isOnline),
            status: FileStatus(row),
            missingSince: (row["missing_since"] as Double?)
                .map(Date.init(timeIntervalSince1970:)),
            capture: CaptureFacts(row),
            isSidecar: isSidecar,
            sidecar: (row["sidecar_name"] as Data?).map { name in
                FileLocation(
                    root: root.path,
                    relativePath: PathBytes.path(row["sidecar_directory"], name),
                    isOnline: isOnline)
            },
            partners: try asset.map {
                try partners(of: $0, in: root, directory, isOnline: isOnline)
            } ?? [],
            sidecarTexts: isSidecar ? StoredFacts.sidecar(row["texts"])?.texts : nil,
            job: job, asset: try asset.flatMap(assetDetails))
    }

    /// Files in a folder of the assets that are one picture with this one.
    private func partners(
        of asset: Int64, in root: Root, _ directory: Data, isOnline: Bool
    ) throws -> [FileLocation] {
        let first = try primary(of: asset) ?? asset
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT name FROM file
                WHERE asset_id IN (SELECT ?1 UNION ALL SELECT id FROM asset WHERE primary_id = ?1)
                    AND asset_id <> ?2 AND root_id = ?3 AND directory = ?4
                    AND missing_since IS NULL AND is_current = 1
                ORDER BY asset_id <> ?1, name LIMIT 16
                """, arguments: [first, asset, root.id, directory])
        return rows.map { row in
            FileLocation(
                root: root.path, relativePath: PathBytes.path(directory, row["name"]),
                isOnline: isOnline)
        }
    }

    /// What is known of an asset, without what its files say.
    func assetDetails(_ id: Int64) throws -> AssetDetails? {
        let row = try Row.fetchOne(
            self,
            sql: """
                SELECT *,
                    (SELECT rating FROM asset AS told
                        WHERE told.id = coalesce(asset.primary_id, asset.id)) AS told_rating,
                    (SELECT count(*) FROM token
                    WHERE asset_id = ?1 AND recipe_id = (\(Self.newestRecipe))) AS tokens,
                    (SELECT length(vector) / 2 FROM token
                    WHERE asset_id = ?1 AND recipe_id = (\(Self.newestRecipe)) LIMIT 1) AS width_t
                FROM asset WHERE id = ?1
                """, arguments: [id])
        guard let row, let kind = AssetKind(rawValue: row["kind"]) else { return nil }
        let told = try primary(of: id) ?? id
        let descriptions = try descriptions(of: told)
        return AssetDetails(
            id: id,
            facts: AssetFacts(
                identity: [UInt8](row["identity"] as Data), kind: kind, format: row["format"],
                width: row["width"], height: row["height"], duration: row["duration"],
                isRaw: row["is_raw"], isIncomplete: row["is_incomplete"]),
            caption: descriptions.caption, descriptions: descriptions,
            captionSource: descriptions.effectiveCaption?.source,
            tagDetails: try tags(of: told), rating: row["told_rating"],
            tokenCount: row["tokens"], tokenWidth: row["width_t"])
    }
}

extension JobDetails {
    fileprivate init?(_ row: Row) {
        guard let state = JobState(rawValue: row["state"]) else { return nil }
        self.init(
            state: state, attempts: row["attempts"], interruptions: row["interruptions"],
            lastError: row["last_error"],
            notBefore: (row["not_before"] as Double?).map(Date.init(timeIntervalSince1970:)),
            updatedAt: Date(timeIntervalSince1970: row["updated_at"]))
    }
}
