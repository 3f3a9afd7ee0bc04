import Foundation
import GRDB
import MediaDecoding

/// The names under which people's texts are kept, beside the model's prompts.
enum WrittenPrompt {
    static let caption = "caption"
    static let title = "title"
    static let alternativeText = "alternative text"
    static let extendedDescription = "extended description"
}

/// What people or their programs wrote, as the catalogue keeps it: JSON in the column `texts`.
enum StoredFacts {
    /// The JSON of a value; `nil` for texts that say nothing.
    static func text(_ texts: EmbeddedTexts) throws -> String? {
        texts.isEmpty ? nil : try text(of: texts)
    }

    /// The JSON of what a sidecar says, whatever it is.
    static func text(_ facts: SidecarFacts) throws -> String {
        try text(of: facts)
    }

    private static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Reads what was stored; what cannot be read says nothing.
    static func texts(_ text: String?) -> EmbeddedTexts? {
        text.flatMap { try? JSONDecoder().decode(EmbeddedTexts.self, from: Data($0.utf8)) }
    }

    /// Reads what was stored of a sidecar; what cannot be read says nothing.
    static func sidecar(_ text: String?) -> SidecarFacts? {
        text.flatMap { try? JSONDecoder().decode(SidecarFacts.self, from: Data($0.utf8)) }
    }
}

extension CaptureFacts {
    /// Reads a row of `file`, with its sidecar's texts as `sidecar_texts`.
    init(_ row: Row) {
        let own = CaptureFacts(
            takenAt: row["taken_at"], camera: row["camera"], latitude: row["latitude"],
            longitude: row["longitude"])
        self = own.corrected(by: StoredFacts.sidecar(row["sidecar_texts"]))
    }
}

extension EmbeddedTexts {
    /// The texts by the names under which they are kept.
    var byPrompt: [(prompt: String, text: String)] {
        [
            (WrittenPrompt.caption, caption), (WrittenPrompt.title, title),
            (WrittenPrompt.alternativeText, alternativeText),
            (WrittenPrompt.extendedDescription, extendedDescription),
        ].compactMap { prompt, text in
            guard let text = text.map(StoredText.clean), !text.isEmpty else { return nil }
            return (prompt, text)
        }
    }

    /// The tags, each once by its name in small letters, as a model's are: keywords, and paths of
    /// keywords with a slash between their terms.
    var byTag: [(name: String, written: String?)] {
        var seen: Set<String> = []
        return (keywords + keywordPaths.map { $0.joined(separator: "/") }).compactMap { keyword in
            let written = StoredText.clean(keyword)
            let name = written.lowercased()
            guard !name.isEmpty, seen.insert(name).inserted else { return nil }
            return (name, written == name ? nil : written)
        }
    }
}

extension Database {
    /// How many files of an asset, those with texts counted, have a say in its texts.
    private static let mostVoices = 32

    /// What people wrote of an asset: of each file its sidecar before what it holds itself, field by
    /// field, and the keywords of all.
    ///
    /// Files that another asset's picture consists of besides have their say after its own.
    func writtenTexts(of asset: Int64) throws -> EmbeddedTexts {
        let statement = try cachedStatement(sql: Self.writtenTextsSQL)
        let rows = try ([asset] + companions(of: asset)).flatMap { asset in
            try Row.fetchAll(statement, arguments: [asset])
        }
        let folder = try sidecarFolder()
        let apart = try ([asset] + companions(of: asset)).flatMap(wordsApart)
        return EmbeddedTexts(
            merging: rows.flatMap { row in
                // What was written elsewhere is no base of what is said here.
                let isApart = folder != nil && row["sidecar_root"] == folder
                let base =
                    row["is_apart"] as Bool? == isApart ? SidecarBase(stored: row["base"]) : nil
                return [
                    StoredFacts.sidecar(row["sidecar_texts"])?.words(besides: base),
                    StoredFacts.texts(row["texts"]),
                ].compactMap { $0 }
            } + apart)
    }

    static let writtenTextsSQL = """
        SELECT file.texts, sidecar.texts AS sidecar_texts, sidecar.root_id AS sidecar_root,
            sidecar_write.base, sidecar_write.is_apart
        FROM file LEFT JOIN file AS sidecar ON sidecar.id = file.sidecar_id
            LEFT JOIN sidecar_write ON sidecar_write.file_id = file.id
        WHERE file.asset_id = ? AND file.is_current = 1
            AND (file.texts IS NOT NULL OR file.sidecar_id IS NOT NULL)
        ORDER BY file.id LIMIT \(mostVoices)
        """

    /// Brings the texts and tags of source *sidecar* in line with what the files of an asset say, and the
    /// asset's row of the index.
    func refreshTexts(_ asset: Int64) throws {
        if let primary = try primary(of: asset) { return try refreshTexts(primary) }
        let written = try writtenTexts(of: asset)
        try run(
            "UPDATE asset SET rating = ?1 WHERE id = ?2 AND rating IS NOT ?1",
            [written.rating, asset])
        try replaceTexts(of: asset, by: written)
        try replaceTags(of: asset, by: written)
        try refreshSearch(asset)
    }

    private func replaceTexts(of asset: Int64, by written: EmbeddedTexts) throws {
        let before = try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT prompt, text FROM description
                    WHERE asset_id = ? AND source = 'sidecar' ORDER BY id
                    """), arguments: [asset])
        let texts = written.byPrompt
        let isSame = before.elementsEqual(texts) { row, text in
            row["prompt"] == text.prompt && row["text"] == text.text
        }
        guard !isSame else { return }
        try run("DELETE FROM description WHERE asset_id = ? AND source = 'sidecar'", [asset])
        for (prompt, text) in texts {
            try run(
                """
                INSERT INTO description (asset_id, source, prompt, text)
                VALUES (?, 'sidecar', ?, ?)
                """, [asset, prompt, text])
        }
    }

    private func replaceTags(of asset: Int64, by written: EmbeddedTexts) throws {
        let before = try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT name, written FROM asset_tag JOIN tag ON tag.id = tag_id
                    WHERE asset_id = ? AND source = 'sidecar' ORDER BY asset_tag.rowid
                    """), arguments: [asset])
        let tags = written.byTag
        let hidden = try hiddenSidecarTags(of: asset)
        let isSame =
            before.elementsEqual(tags.filter { !hidden.removed.contains($0.name) }) { row, tag in
                row["name"] == tag.name && row["written"] == tag.written
            } && hidden.given == Set(tags.map(\.name)).intersection(hidden.removed)
        guard !isSame else { return }
        for table in ["asset_tag", "removed_tag"] {
            try run("DELETE FROM \(table) WHERE asset_id = ? AND source = 'sidecar'", [asset])
        }
        for (name, written) in tags {
            try run("INSERT INTO tag (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [name])
            try run(
                """
                INSERT INTO asset_tag (asset_id, tag_id, source, written)
                SELECT ?, id, 'sidecar', ? FROM tag WHERE name = ?
                """, [asset, written, name])
        }
    }

    /// The tags that a person removed from an asset, and those of them that a sidecar gives.
    private func hiddenSidecarTags(
        of asset: Int64
    ) throws -> (removed: Set<String>, given: Set<String>) {
        let rows = try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT name, source FROM removed_tag JOIN tag ON tag.id = tag_id
                    WHERE asset_id = ? AND source <> 'model'
                    """), arguments: [asset])
        func names(_ source: String) -> Set<String> {
            Set(rows.filter { $0["source"] == source }.map { $0["name"] })
        }
        return (names("human"), names("sidecar"))
    }
}
