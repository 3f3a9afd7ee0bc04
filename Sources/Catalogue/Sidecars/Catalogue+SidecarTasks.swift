import Foundation
import GRDB
import MediaDecoding
import WorkQueue
public import SystemPackage

extension Catalogue {
    /// Files with what their sidecars are to say, in the order of their numbers.
    ///
    /// - Parameters:
    ///   - paths: Files, and directories with all below them, absolute; empty for everything.
    ///   - file: The number after which to begin.
    ///   - limit: The most files that are looked at.
    /// - Returns: Those with something to say, or with something that was written before; how many were looked at;
    ///   the number to go on from, `nil` at the end.
    /// - Throws: `CatalogueError`.
    public func sidecarTasks(
        below paths: [FilePath] = [], after file: Int64 = 0, limit: Int = 200
    ) throws(CatalogueError) -> (tasks: [SidecarTask], count: Int, next: Int64?) {
        try read { database in
            var condition = "file.id > ?"
            var arguments: StatementArguments = [file]
            if !paths.isEmpty {
                let files = try database.files(below: paths)
                condition += " AND file.id IN (SELECT id FROM file WHERE \(files.sql))"
                arguments += files.arguments
            }
            let rows = try Row.fetchAll(
                database,
                sql: "\(Database.sidecarTaskSQL) AND \(condition) ORDER BY file.id LIMIT ?",
                arguments: arguments + [limit])
            return (
                try rows.compactMap(database.sidecarTask), rows.count,
                rows.count == limit ? rows.last?["id"] : nil
            )
        }
    }

    /// How many files `sidecarTasks` goes through.
    ///
    /// - Throws: `CatalogueError`.
    public func sidecarTaskCount(below paths: [FilePath] = []) throws(CatalogueError) -> Int {
        try read { database in
            var condition = "1"
            var arguments = StatementArguments()
            if !paths.isEmpty {
                let files = try database.files(below: paths)
                condition = "file.id IN (SELECT id FROM file WHERE \(files.sql))"
                arguments = files.arguments
            }
            return try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM (\(Database.sidecarTaskSQL) AND \(condition))",
                arguments: arguments) ?? 0
        }
    }

    /// The tasks of the files of some assets, each with the asset.
    ///
    /// - Throws: `CatalogueError`.
    public func sidecarTasks(
        ofAssets assets: [Int64]
    ) throws(CatalogueError) -> [(asset: Int64, task: SidecarTask)] {
        try read { database in
            try assets.flatMap { asset in
                let statement = try database.cachedStatement(
                    sql: """
                        \(Database.sidecarTaskSQL) AND file.asset_id IN (
                            SELECT ?1 UNION ALL SELECT id FROM asset WHERE primary_id = ?1)
                        ORDER BY file.id LIMIT 256
                        """)
                return try Row.fetchAll(statement, arguments: [asset])
                    .compactMap(database.sidecarTask).map { (asset, $0) }
            }
        }
    }
}

extension Database {
    static let sidecarTaskSQL = """
        SELECT file.id, file.root_id, file.volume_id, root.path AS root, file.directory, file.name,
            file.asset_id, sidecar_write.content, sidecar_write.words, sidecar_write.base,
            sidecar_write.next, sidecar_write.failure, sidecar_write.is_apart
        FROM file JOIN root ON root.id = file.root_id JOIN volume ON volume.id = file.volume_id
            LEFT JOIN sidecar_write ON sidecar_write.file_id = file.id
        WHERE file.is_sidecar = 0 AND file.missing_since IS NULL AND file.is_current = 1
            AND file.asset_id IS NOT NULL AND root.is_online = 1 AND volume.is_online = 1
        """

    /// Reads a row; `nil` where nothing is to be done.
    fileprivate func sidecarTask(_ row: Row) throws -> SidecarTask? {
        let words = try sidecarWords(of: row["asset_id"])
        let last = SidecarWrite(row)
        guard !words.isEmpty || last != nil else { return nil }
        let name: Data = row["name"]
        let stem = SidecarName.stem(of: name)
        let range = SidecarName.range(ofStem: stem)
        let namesakes = try Row.fetchAll(
            cachedStatement(sql: Self.namesakesSQL),
            arguments: [
                row["root_id"], row["directory"], row["volume_id"], stem, range.start, range.end,
            ])
        return SidecarTask(
            file: row["id"], root: PathBytes.path(row["root"] as Data),
            path: PathBytes.path(row["directory"], name), words: words, last: last,
            hasNamesakes: namesakes.contains {
                let other: Data = $0["name"]
                return other != name && SidecarName.stem(of: other) == stem
            })
    }

    /// What the catalogue has to say of an asset beside what sidecars say.
    func sidecarWords(of asset: Int64) throws -> SidecarWords {
        let told = try primary(of: asset) ?? asset
        let texts = try descriptions(of: told).filter { $0.source != .sidecar && $0.span == nil }
        let tags = try tags(of: told)
        func text(_ prompt: String) -> DescriptionDetails? { texts.first { $0.prompt == prompt } }
        let caption = text(WrittenPrompt.caption)
        let model = texts.first { $0.source == .model }?.recipe
        let modelTags = tags.filter { $0.sources.contains(.model) && !$0.sources.contains(.human) }
        return SidecarWords(
            caption: caption.map { .init($0.text, by: $0.source == .human ? .human : .model) },
            title: text(WrittenPrompt.title).map { .init($0.text, by: .human) },
            humanTags: tags.filter { $0.sources.contains(.human) }.map(\.text),
            modelTags: modelTags.map(\.text), removedTags: try removedTags(of: told),
            model: caption?.source == .model || !modelTags.isEmpty
                ? model.map { "\($0.model)@\($0.version)" } : nil)
    }

    private func removedTags(of asset: Int64) throws -> [String] {
        try String.fetchAll(
            cachedStatement(
                sql: """
                    SELECT name FROM removed_tag JOIN tag ON tag.id = tag_id
                    WHERE asset_id = ? AND source = 'human' ORDER BY name
                    """), arguments: [asset])
    }
}

extension SidecarWrite {
    fileprivate init?(_ row: Row) {
        guard let base = SidecarBase(stored: row["base"]) else { return nil }
        self.init(
            content: [UInt8](row["content"] as Data), words: [UInt8](row["words"] as Data),
            base: base, next: SidecarBase(stored: row["next"]), failure: row["failure"],
            isApart: row["is_apart"])
    }
}
