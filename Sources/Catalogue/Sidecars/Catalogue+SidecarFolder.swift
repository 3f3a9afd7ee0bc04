import Foundation
import GRDB
import MediaDecoding
public import SystemPackage

// A folder of sidecars is a root like any other, in which nothing but sidecars is looked at. The sidecar of
// /photos/2024/a.jpg is FOLDER/photos/2024/a.jpg.xmp: no two roots can meet there, and people find their way.
extension Catalogue {
    /// Says which folder holds sidecars apart from their pictures from now on.
    ///
    /// Where that is another one than before, sidecars there and in the former one are weighed anew, and all pictures'
    /// are due where sidecars are written by themselves. Several short transactions.
    ///
    /// - Parameter path: The folder, absolute; `nil` for none.
    /// - Returns: Its root; `nil` for none.
    /// - Throws: `CatalogueError`.
    @discardableResult
    public func keepSidecars(in path: FilePath?) throws(CatalogueError) -> Root? {
        let root = try path.map { path throws(CatalogueError) in try self.root(at: path) }
        let former = try read { try $0.sidecarFolder() }
        guard former != root?.id else { return root }
        try write { database in
            try database.execute(sql: "DELETE FROM sidecar_folder")
            if let root {
                try database.run("INSERT INTO sidecar_folder (root_id) VALUES (?)", [root.id])
            }
            let isOn = try Bool.fetchOne(database, sql: "SELECT is_on FROM sidecar_setting")
            guard isOn == true else { return }
            try database.execute(
                sql: """
                    INSERT INTO sidecar_due (asset_id) SELECT id FROM asset
                    WHERE id NOT IN (SELECT asset_id FROM sidecar_due) ORDER BY id
                    """)
        }
        for folder in [former, root?.id] {
            if let folder { try weighAgain(sidecarsOf: folder) }
        }
        return root
    }

    private func weighAgain(sidecarsOf folder: Int64) throws(CatalogueError) {
        var last: Int64 = 0
        try writeInSlices { database in
            let sidecars = try Int64.fetchAll(
                database,
                sql: """
                    SELECT id FROM file WHERE root_id = ? AND is_sidecar = 1 AND id > ?
                    ORDER BY id LIMIT 50
                    """, arguments: [folder, last])
            for sidecar in sidecars {
                for picture in try database.pictures(ofSidecar: sidecar, apartIn: folder) {
                    try database.findSidecar(of: picture, isNews: true)
                }
            }
            last = sidecars.last ?? last
            return !sidecars.isEmpty
        }
    }

    /// Sidecars in their folder that spoke for a file's picture where it was before.
    ///
    /// - Parameter file: The file's number.
    /// - Returns: Their paths below the folder, where the catalogue knows no picture any more.
    /// - Throws: `CatalogueError`.
    public func formerSidecars(of file: Int64) throws(CatalogueError) -> [FilePath] {
        try read { database in
            let asset = try Int64.fetchOne(
                database.cachedStatement(
                    sql: "SELECT asset_id FROM file WHERE id = ? AND is_current = 1"),
                arguments: [file])
            guard let asset else { return [] }
            return try database.leftSidecars(of: asset).map {
                PathBytes.path($0.directory, $0.name)
            }
        }
    }
}

/// A place in the folder of sidecars.
struct SidecarPlaceBytes {
    var directory: Data
    var name: Data
}

extension Database {
    /// The root that holds sidecars apart from their pictures.
    func sidecarFolder() throws -> Int64? {
        try Int64.fetchOne(cachedStatement(sql: "SELECT root_id FROM sidecar_folder"))
    }

    /// The directory in that folder which belongs to a directory of a root.
    func directoryApart(of directory: Data, root: Int64) throws -> Data? {
        let path = try Data.fetchOne(
            cachedStatement(sql: "SELECT path FROM root WHERE id = ?"), arguments: [root])
        return path.map { ($0.count > 1 ? $0 : Data()) + directory }
    }

    /// The sidecar in that folder whose word counts for a file.
    func sidecarApart(ofFile name: Data, in directory: Data, root: Int64) throws -> Int64? {
        guard let folder = try sidecarFolder(), folder != root,
            let place = try directoryApart(of: directory, root: root)
        else { return nil }
        return try sidecar(of: name, in: place, root: folder, volume: nil)
    }

    /// Files whose sidecar one in a folder apart is by its place.
    func pictures(ofSidecarAt place: SidecarPlaceBytes) throws -> [Int64] {
        let roots = try Row.fetchAll(cachedStatement(sql: "SELECT id, path FROM root"))
        let owner = roots.lazy.compactMap { row -> (root: Int64, directory: Data)? in
            let path: Data = row["path"]
            let start = path.count > 1 ? path : Data()
            guard place.directory.starts(with: start + [UInt8(ascii: "/")]) else { return nil }
            return (row["id"], Data(place.directory.dropFirst(start.count)))
        }.max { $0.directory.count > $1.directory.count }
        guard let owner else { return [] }
        let subject = SidecarName.subject(of: place.name)
        let range = SidecarName.range(ofStem: subject)
        return try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT id, name FROM file
                    WHERE root_id = ?1 AND directory = ?2 AND is_sidecar = 0 AND name = ?3
                    UNION ALL
                    SELECT * FROM (SELECT id, name FROM file
                        WHERE root_id = ?1 AND directory = ?2 AND is_sidecar = 0
                            AND name >= ?4 AND name < ?5
                        ORDER BY name LIMIT 256)
                    """),
            arguments: [owner.root, owner.directory, subject, range.start, range.end]
        ).filter { row in
            let name: Data = row["name"]
            return name == subject || SidecarName.stem(of: name) == subject
        }.map { $0["id"] }
    }

    /// Notes for which asset a sidecar in the folder speaks.
    func note(sidecar: Int64, of asset: Int64) throws {
        try run(
            """
            INSERT INTO sidecar_place (directory, name, asset_id)
            SELECT directory, name, ?2 FROM file
            WHERE id = ?1 AND root_id IN (SELECT root_id FROM sidecar_folder)
            ON CONFLICT (directory, name) DO UPDATE SET asset_id = excluded.asset_id
                WHERE asset_id <> excluded.asset_id
            """, [sidecar, asset])
    }

    /// Notes for which file's asset a sidecar was written in the folder.
    func note(sidecarAt path: FilePath, ofFile file: Int64) throws {
        let place = try PathBytes.split(path)
        try run(
            """
            INSERT INTO sidecar_place (directory, name, asset_id)
            SELECT ?1, ?2, asset_id FROM file WHERE id = ?3 AND asset_id IS NOT NULL
            ON CONFLICT (directory, name) DO UPDATE SET asset_id = excluded.asset_id
            """, [place.directory, place.name, file])
    }

    /// The asset that a sidecar in the folder speaks for, or spoke for until its picture was moved.
    func assetApart(ofSidecar sidecar: Int64) throws -> Int64? {
        try Int64.fetchOne(
            cachedStatement(
                sql: """
                    SELECT sidecar_place.asset_id FROM file JOIN sidecar_place USING (directory, name)
                    WHERE file.id = ? AND root_id IN (SELECT root_id FROM sidecar_folder)
                    """), arguments: [sidecar])
    }

    /// Sidecars in the folder that spoke for an asset, and whose pictures have gone from where they were.
    func leftSidecars(of asset: Int64) throws -> [SidecarPlaceBytes] {
        guard try sidecarFolder() != nil else { return [] }
        let places = try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT directory, name FROM sidecar_place WHERE asset_id = ?
                    ORDER BY directory, name LIMIT 32
                    """), arguments: [asset]
        ).map { SidecarPlaceBytes(directory: $0["directory"], name: $0["name"]) }
        return try places.filter { place in
            try pictures(ofSidecarAt: place).allSatisfy { picture in
                try Bool.fetchOne(
                    cachedStatement(sql: "SELECT missing_since IS NOT NULL FROM file WHERE id = ?"),
                    arguments: [picture]) ?? true
            }
        }
    }

    /// What the sidecars in the folder say of an asset that speak for none of its files by themselves: since another
    /// one beside the picture comes first, or since the picture has been moved.
    func wordsApart(of asset: Int64) throws -> [EmbeddedTexts] {
        guard let folder = try sidecarFolder() else { return [] }
        let files = try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT file.root_id, directory, name, sidecar_id, base, is_apart
                    FROM file LEFT JOIN sidecar_write ON file_id = file.id
                    WHERE asset_id = ? AND is_current = 1 ORDER BY file.id LIMIT 32
                    """), arguments: [asset])
        var found: [(sidecar: Int64, base: SidecarBase?)] = []
        var counted: Set<Int64> = []
        for file in files {
            if let sidecar: Int64 = file["sidecar_id"] { counted.insert(sidecar) }
            let apart = try sidecarApart(
                ofFile: file["name"], in: file["directory"], root: file["root_id"])
            guard let apart else { continue }
            let isApart: Bool? = file["is_apart"]
            found.append((apart, isApart == true ? SidecarBase(stored: file["base"]) : nil))
        }
        for place in try leftSidecars(of: asset) {
            let sidecar = try Int64.fetchOne(
                cachedStatement(
                    sql: "SELECT id FROM file WHERE root_id = ? AND directory = ? AND name = ?"),
                arguments: [folder, place.directory, place.name])
            if let sidecar { found.append((sidecar, nil)) }
        }
        return try found.filter { counted.insert($0.sidecar).inserted }.compactMap { found in
            let texts = try String.fetchOne(
                cachedStatement(sql: "SELECT texts FROM file WHERE id = ?"),
                arguments: [found.sidecar])
            return StoredFacts.sidecar(texts)?.words(besides: found.base)
        }
    }
}
