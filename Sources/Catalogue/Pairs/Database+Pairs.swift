import Foundation
import GRDB

/// Where a file is, for finding those that may be of the same press of the shutter.
struct PairPlace {
    var root: Int64
    var volume: Int64
    var directory: Data
    var name: Data
    var contentIdentifier: String?

    init(_ row: Row) {
        root = row["root_id"]
        volume = row["volume_id"]
        directory = row["directory"]
        name = row["name"]
        contentIdentifier = row["content_identifier"]
    }
}

/// A file beside another one, as far as it is known.
private struct Neighbour {
    /// What it is; `nil` as long as it was not looked into.
    var member: PairMember?
    /// Whether it is being found out what it holds.
    var isUnread: Bool
    /// Whether the file is there, with verified content.
    var isThere: Bool
}

extension Database {
    /// The asset that stands for another one, since both are of one press of the shutter.
    func primary(of asset: Int64) throws -> Int64? {
        try Int64.fetchOne(
            cachedStatement(sql: "SELECT primary_id FROM asset WHERE id = ?"), arguments: [asset])
    }

    /// The place of a file.
    func pairPlace(ofFile file: Int64) throws -> PairPlace? {
        try Row.fetchOne(
            cachedStatement(
                sql: """
                    SELECT root_id, volume_id, directory, name, content_identifier
                    FROM file WHERE id = ?
                    """), arguments: [file]
        ).map(PairPlace.init)
    }

    /// Something has become known of a file, or it has gone: finds out anew what stands for what beside it.
    func refreshPairs(at place: PairPlace, time: Double) throws {
        let neighbours = try neighbours(of: place)
        let assets = neighbours.compactMap(\.member).filter(\.mayBeStoodFor)
            .sorted { $0.isRaw && !$1.isRaw }.map(\.asset)
        var seen: Set<Int64> = []
        for asset in assets where seen.insert(asset).inserted {
            try refreshPrimary(of: asset, at: time)
        }
    }

    /// As `refreshPairs(at:time:)`, for files of an asset.
    func refreshPairs(ofAsset asset: Int64, time: Double) throws {
        for file in try filesToPair(of: asset) {
            guard let place = try pairPlace(ofFile: file) else { continue }
            try refreshPairs(at: place, time: time)
        }
    }

    /// A file no longer holds an asset, or the asset cannot be described: what it stood for, and what
    /// stood for it, may have changed.
    func pairsLeft(by asset: Int64, time: Double) throws {
        for companion in try companions(of: asset) { try refreshPrimary(of: companion, at: time) }
        if try primary(of: asset) != nil { try refreshPrimary(of: asset, at: time) }
    }

    /// Assets that another one stands for, raws first, since clips follow them.
    func companions(of asset: Int64) throws -> [Int64] {
        try Int64.fetchAll(
            cachedStatement(
                sql: "SELECT id FROM asset WHERE primary_id = ? ORDER BY is_raw DESC, id"),
            arguments: [asset])
    }

    /// Whether a file is being looked into that may turn out to stand for this one.
    func awaitsPrimary(_ place: PairPlace) throws -> Bool {
        try neighbours(of: place).contains(where: \.isUnread)
    }

    /// Files of an asset in whose folders others are looked for.
    private func filesToPair(of asset: Int64) throws -> [Int64] {
        try Int64.fetchAll(
            cachedStatement(
                sql:
                    "SELECT id FROM file WHERE asset_id = ? AND is_current = 1 ORDER BY id LIMIT 16"
            ),
            arguments: [asset])
    }

    /// Finds the asset that stands for this one by any of its files.
    private func refreshPrimary(of asset: Int64, at time: Double) throws {
        let former = try primary(of: asset)
        var found: Int64?
        var isAwaited = false
        for file in try filesToPair(of: asset) where found == nil {
            guard let place = try pairPlace(ofFile: file) else { continue }
            let neighbours = try neighbours(of: place)
            isAwaited = isAwaited || neighbours.contains { $0.isUnread && $0.member?.file != file }
            let members = neighbours.filter { $0.isThere || $0.member?.asset == former }
                .compactMap(\.member)
            guard
                let own = members.first(where: { $0.file == file })
                    ?? neighbours
                    .compactMap(\.member).first(where: { $0.file == file })
            else { continue }
            let others = try members.filter { try $0.file != file && !isGivenUp($0.asset) }
            found = PairRules.primary(of: own, among: others)?.asset
        }
        // Elsewhere something else may stand for that one.
        if let first = found, let other = try self.primary(of: first) {
            found = other == asset ? nil : other
        }
        if found != former {
            try setPrimary(found, of: asset, insteadOf: former, at: time)
        } else if found == nil, !isAwaited {
            try resumeDescription(of: asset)
        }
    }

    /// Whether an asset was to be described and could not be.
    private func isGivenUp(_ asset: Int64) throws -> Bool {
        let statement = try cachedStatement(
            sql: """
                SELECT 1 FROM work WHERE asset_id = ?1 AND kind = 'describe' AND state = 'failed'
                    AND NOT EXISTS (SELECT 1 FROM described WHERE asset_id = ?1)
                    AND NOT EXISTS (SELECT 1 FROM work WHERE asset_id = ?1 AND kind = 'describe'
                        AND state <> 'failed')
                LIMIT 1
                """)
        return try Bool.fetchOne(statement, arguments: [asset]) ?? false
    }

    private func setPrimary(
        _ primary: Int64?, of asset: Int64, insteadOf former: Int64?, at time: Double
    ) throws {
        try run("UPDATE asset SET primary_id = ? WHERE id = ?", [primary, asset])
        if primary == nil {
            try wantDescription(ofStrayed: asset, at: time)
        } else {
            for companion in try companions(of: asset) {
                try refreshPrimary(of: companion, at: time)
            }
            try dropDescription(ofCompanion: asset, at: time)
        }
        try refreshTexts(asset)
        if let former { try refreshTexts(former) }
    }

    /// Nothing is wanted any more of an asset that another one stands for; what is in hand may be ended.
    func dropDescription(ofCompanion asset: Int64, at time: Double) throws {
        try run(
            """
            DELETE FROM work WHERE asset_id = ? AND kind = 'describe' AND priority = 0
                AND state = 'queued'
            """, [asset])
        try run(
            """
            UPDATE job SET state = 'done', interruptions = 0, last_error = NULL, updated_at = ?1
            WHERE state = 'waiting'
                AND file_id IN (SELECT id FROM file WHERE asset_id = ?2 AND is_current = 1)
                AND NOT EXISTS (SELECT 1 FROM work WHERE asset_id = ?2 AND kind = 'describe'
                    AND state = 'leased')
            """, [time, asset])
    }

    /// Nothing stands any more for an asset: unless it was described before, its files are looked at
    /// again, which leads to its description.
    private func wantDescription(ofStrayed asset: Int64, at time: Double) throws {
        guard try !isDescribed(asset) else { return }
        try queueAfresh(
            .job,
            where: """
                state = 'done'
                AND file_id IN (SELECT id FROM file WHERE asset_id = ? AND is_current = 1)
                """, [asset], at: time)
    }

    /// Ends the wait of a description for a file beside, which turned out not to stand for it.
    private func resumeDescription(of asset: Int64) throws {
        try run(
            """
            UPDATE work SET not_before = NULL
            WHERE asset_id = ? AND kind = 'describe' AND state = 'queued' AND attempts = 0
                AND not_before IS NOT NULL
            """, [asset])
    }

    /// The files that share a stem or a content identifier with one of their folder, itself among them.
    private func neighbours(of place: PairPlace) throws -> [Neighbour] {
        let stem = SidecarName.stem(of: place.name)
        let range = SidecarName.range(ofStem: stem)
        let rows = try Row.fetchAll(
            cachedStatement(sql: Self.neighboursSQL),
            arguments: [
                place.root, place.directory, place.volume, range.start, range.end,
                place.contentIdentifier,
            ])
        var seen: Set<Int64> = []
        return rows.compactMap { row in
            guard seen.insert(row["id"]).inserted else { return nil }
            let name: Data = row["name"]
            let isSameStem = SidecarName.stem(of: name) == stem
            let isCurrent: Bool = row["is_current"]
            let isMissing: Bool = row["is_missing"]
            let identifier: String? = row["content_identifier"]
            guard isSameStem || identifier == place.contentIdentifier && identifier != nil else {
                return nil
            }
            let isOpen = ["queued", "leased"].contains(row["state"] as String)
            return Neighbour(
                member: PairMember(row), isUnread: isSameStem && isOpen && !isCurrent && !isMissing,
                isThere: isCurrent && !isMissing)
        }
    }

    static let neighboursSQL = """
        SELECT file.id, asset_id, name, is_current, missing_since IS NOT NULL AS is_missing, taken_at,
            content_identifier, job.state, kind, format, is_raw, duration
        FROM (
            SELECT * FROM (SELECT id FROM file
                WHERE root_id = ?1 AND directory = ?2 AND name >= ?4 AND name < ?5
                    AND volume_id = ?3 AND is_sidecar = 0
                ORDER BY name LIMIT 32)
            UNION ALL
            SELECT * FROM (SELECT id FROM file
                WHERE root_id = ?1 AND directory = ?2 AND content_identifier = ?6
                    AND volume_id = ?3 LIMIT 32)
        ) AS beside
        CROSS JOIN file ON file.id = beside.id CROSS JOIN job ON job.file_id = file.id
            LEFT JOIN asset ON asset.id = file.asset_id
        """
}

extension PairMember {
    /// Reads a row of `file` with its asset; `nil` if it has none.
    fileprivate init?(_ row: Row) {
        guard let asset: Int64 = row["asset_id"],
            let kind = (row["kind"] as String?).flatMap(AssetKind.init)
        else { return nil }
        self.init(
            file: row["id"], asset: asset, name: row["name"], kind: kind, format: row["format"],
            isRaw: row["is_raw"], duration: row["duration"], takenAt: row["taken_at"],
            contentIdentifier: row["content_identifier"])
    }
}
