import MediaDecoding
import Foundation
import GRDB
import SystemPackage

extension Catalogue {
    /// Finds assets: where words are given and at most a thousand match, the best first, otherwise the
    /// newest first.
    ///
    /// A page that begins behind a cursor takes as long as the first one wherever it is; one that begins
    /// at an offset passes over what it leaves out.
    ///
    /// Files that are missing, or changed and not yet looked at again, are not found; those in
    /// roots or on volumes that are offline are.
    ///
    /// - Throws: `CatalogueError`; never for what the text says, but for a cursor of another query.
    public func search(_ query: SearchQuery) throws(CatalogueError) -> [SearchHit] {
        let expression = SearchExpression(query.text)
        let cursor: SearchCursor?
        if let after = query.after {
            cursor = try SearchCursor(after, for: query)
        } else {
            cursor = nil
        }
        guard !expression.isHopeless else { return [] }
        let names = NameMatch(expression.terms)
        return try read { database in
            guard let search = try AssetSearch(query, expression, in: database) else { return [] }
            return try search.page(after: cursor).compactMap { place in
                try database.hit(place.assetID, names, cursor: place.text(for: query))
            }
        }
    }
}

extension Database {
    /// What is shown of an asset; `nil` where it is no more.
    func hit(
        _ asset: Int64, _ names: NameMatch, cursor: String
    ) throws -> SearchHit? {
        let facts = try Row.fetchOne(
            cachedStatement(sql: "SELECT kind, rating, is_incomplete FROM asset WHERE id = ?"),
            arguments: [asset])
        guard let facts, let kind = AssetKind(rawValue: facts["kind"]) else { return nil }
        let statement = try cachedStatement(
            sql: """
                SELECT root.path, volume.is_online AND root.is_online AS is_online,
                    file.directory, file.name, file.taken_at, file.camera, file.latitude,
                    file.longitude, sidecar.texts AS sidecar_texts
                FROM file JOIN root ON root.id = file.root_id
                    JOIN volume ON volume.id = file.volume_id
                    LEFT JOIN file AS sidecar ON sidecar.id = file.sidecar_id
                WHERE file.asset_id IN (SELECT ?1 UNION ALL SELECT id FROM asset WHERE primary_id = ?1)
                    AND file.missing_since IS NULL AND file.is_current = 1
                ORDER BY file.asset_id <> ?1, file.id
                """)
        let rows = try Row.fetchAll(statement, arguments: [asset])
        let files = rows.map { row in
            FileLocation(
                root: PathBytes.path(row["path"] as Data),
                relativePath: PathBytes.path(row["directory"], row["name"]),
                isOnline: row["is_online"])
        }
        let texts = try descriptions(of: asset)
        return SearchHit(
            assetID: asset, kind: kind, files: ordered(files, names),
            caption: texts.caption, captionSource: texts.effectiveCaption?.source,
            title: texts.effective(WrittenPrompt.title)?.text,
            tagDetails: try tags(of: asset), rating: facts["rating"],
            isIncomplete: facts["is_incomplete"],
            takenAt: rows.lazy.compactMap { CaptureFacts($0).takenAt }.first, cursor: cursor)
    }

    /// The files whose paths have most of the words first; of equal ones, those that can be read.
    private func ordered(_ files: [FileLocation], _ names: NameMatch) -> [FileLocation] {
        guard files.count > 1 else { return files }
        return files.enumerated().map { place, file in
            (
                missed: -names.count(in: file.relativePath.string),
                isOffline: file.isOnline ? 0 : 1,
                place: place, file: file
            )
        }
        .sorted { ($0.missed, $0.isOffline, $0.place) < ($1.missed, $1.isOffline, $1.place) }
        .map(\.file)
    }
}
