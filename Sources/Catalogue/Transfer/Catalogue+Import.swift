import Digests
public import Foundation
import GRDB
import WorkQueue

/// What came of an import.
public struct ImportOutcome: Equatable, Sendable {
    /// Assets that were not known, or about which something new was said.
    public var changed = 0
    /// Assets about which all was known.
    public var unchanged = 0
    /// Fields on which a person has another word here, which stays.
    public var kept = 0
    /// Lines that make no sense.
    public var refused = 0

    /// Builds an outcome of nothing.
    public init() {}

    /// Adds another outcome.
    public static func += (outcome: inout ImportOutcome, other: ImportOutcome) {
        outcome.changed += other.changed
        outcome.unchanged += other.unchanged
        outcome.kept += other.kept
        outcome.refused += other.refused
    }
}

extension Catalogue {
    /// For how long words of pictures that nobody has seen here are kept, 90 days in seconds; a person's stay for good.
    static let importedGrace: TimeInterval = 90 * 86_400

    /// Takes in what another catalogue says about pictures, by their content.
    ///
    /// One transaction. What is here stays: a model's words are added where that model has not described the
    /// picture here, a person's where the person has said nothing here. Of a picture that is not known, all is kept for
    /// when its file comes.
    ///
    /// - Parameters:
    ///   - assets: Lines of an export.
    ///   - author: Who imports them.
    ///   - now: The moment.
    /// - Returns: What came of it.
    /// - Throws: `CatalogueError`.
    public func `import`(
        _ assets: [ExportedAsset], by author: EditAuthor, at now: Date = Date()
    ) throws(CatalogueError) -> ImportOutcome {
        try writeDurably { database, journal in
            var outcome = ImportOutcome()
            for asset in assets {
                outcome += try AssetImport(database: database, author: author, now: now)
                    .take(asset, journal)
            }
            return outcome
        }
    }
}

/// The import of one asset within a transaction.
private struct AssetImport {
    let database: Database
    let author: EditAuthor
    let now: Date

    func take(_ asset: ExportedAsset, _ journal: PendingJournal) throws -> ImportOutcome {
        var outcome = ImportOutcome()
        guard let facts = asset.journalAsset,
            let number = try database.asset(
                facts, at: now.timeIntervalSince1970,
                orphanedAt: now.timeIntervalSince1970 + Catalogue.importedGrace)
        else {
            outcome.refused = 1
            return outcome
        }
        let before = database.totalChangesCount
        if try isWithoutFiles(number) { try takeFacts(asset, number) }
        try takeModelsWords(asset, number)
        outcome.kept = try takePersonsWords(asset, number, journal)
        if database.totalChangesCount == before {
            outcome.unchanged = 1
        } else {
            try database.refreshSearch(number)
            outcome.changed = 1
        }
        return outcome
    }

    private func isWithoutFiles(_ number: Int64) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM file WHERE asset_id = ? LIMIT 1"),
            arguments: [number]) == nil
    }

    /// What a picture's files say, of one that has none here; they will say it themselves.
    private func takeFacts(_ asset: ExportedAsset, _ number: Int64) throws {
        try database.run(
            """
            UPDATE asset SET is_raw = ?1, is_incomplete = ?2, rating = ?3
            WHERE id = ?4 AND (is_raw, is_incomplete, rating) IS NOT (?1, ?2, ?3)
            """, [asset.raw ?? false, asset.incomplete ?? false, asset.rating, number])
        if asset.takenAt != nil || asset.camera != nil || asset.latitude != nil {
            try database.run(
                """
                INSERT OR IGNORE INTO capture (asset_id, taken_at, camera, latitude, longitude)
                VALUES (?, ?, ?, ?, ?)
                """, [number, asset.takenAt, asset.camera, asset.latitude, asset.longitude])
        }
        for text in asset.texts where text.source == "sidecar" {
            try insert(text, of: number, recipe: nil)
        }
        for tag in asset.tags where tag.source == "sidecar" {
            try insert(tag, of: number, recipe: nil)
        }
    }

    private func takeModelsWords(_ asset: ExportedAsset, _ number: Int64) throws {
        for (place, described) in asset.described.enumerated() {
            guard let settings = [UInt8](hexadecimal: described.settings) else { continue }
            let recipe = try database.recipeID(
                Recipe(
                    model: described.model, version: described.version,
                    settings: settings == [0] ? [] : settings))
            let isKnown = try Bool.fetchOne(
                database.cachedStatement(
                    sql: "SELECT 1 FROM described WHERE asset_id = ? AND recipe_id = ?"),
                arguments: [number, recipe])
            guard isKnown == nil else { continue }
            for text in asset.texts where text.source == "model" && text.recipe == place {
                try insert(text, of: number, recipe: recipe)
            }
            for tag in asset.tags where tag.source == "model" && tag.recipe == place {
                try insert(tag, of: number, recipe: recipe)
            }
            if let at = described.at {
                try database.run(
                    "INSERT INTO described (asset_id, recipe_id, at) VALUES (?, ?, ?)",
                    [number, recipe, at])
            }
        }
    }

    private func insert(_ text: ExportedText, of number: Int64, recipe: Int64?) throws {
        guard (text.start == nil) == (text.end == nil) else { return }
        try database.run(
            """
            INSERT OR IGNORE INTO description
                (asset_id, source, recipe_id, prompt, text, start_s, end_s)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                number, text.source, recipe, StoredText.clean(text.prompt),
                StoredText.clean(text.text), text.start, text.end,
            ])
    }

    /// A tag that a person removed there is hidden here when the person's word is taken over.
    private func insert(_ tag: ExportedTag, of number: Int64, recipe: Int64?) throws {
        let name = StoredText.clean(tag.name)
        guard !name.isEmpty else { return }
        try database.run("INSERT INTO tag (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [name])
        try database.run(
            """
            INSERT OR IGNORE INTO asset_tag
                (asset_id, tag_id, source, recipe_id, written, probability)
            SELECT ?, id, ?, ?, ?, ? FROM tag WHERE name = ?
            """,
            [
                number, tag.source, recipe, tag.written,
                tag.probability.map { min(max($0, 0), 1) }, name,
            ])
    }

    /// Takes over what a person said there, with its history where nobody has edited the picture here.
    ///
    /// - Returns: How many fields have another word here.
    private func takePersonsWords(
        _ asset: ExportedAsset, _ number: Int64, _ journal: PendingJournal
    ) throws -> Int {
        var change = asset.personsWords
        let isUnedited = try database.lastEdit(of: number) == 0
        let kept = try withoutWordsHere(&change, number)
        let edits = (asset.edits ?? []).filter { EditAuthor.Origin(rawValue: $0.origin) != nil }
        guard isUnedited, !edits.isEmpty else {
            guard !change.isEmpty else { return kept }
            try database.make(
                change, to: number,
                EditHeader(
                    uuid: UUID().uuidString.lowercased(), at: now.timeIntervalSince1970,
                    author: author), journal)
            return kept
        }
        _ = try database.apply(change, to: number)
        for edit in edits { try takeOver(edit, number, journal) }
        return kept
    }

    private func takeOver(
        _ edit: ExportedEdit, _ number: Int64, _ journal: PendingJournal
    ) throws {
        let isKnown = try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM edit WHERE uuid = ?"),
            arguments: [edit.edit])
        guard isKnown == nil, let origin = EditAuthor.Origin(rawValue: edit.origin),
            let facts = try database.journalAsset(number)
        else { return }
        _ = try database.storeEdit(
            edit.change, of: number,
            EditHeader(
                uuid: edit.edit, at: edit.at, author: EditAuthor(origin, name: edit.author),
                undoes: edit.undoes))
        journal.append(
            JournalEntry(
                edit: edit.edit, at: edit.at, origin: edit.origin, author: edit.author,
                undoes: edit.undoes, change: edit.change, asset: facts))
    }

    /// Leaves out of a change the fields on which a person has a word here; how many have another one.
    private func withoutWordsHere(_ change: inout EditChange, _ number: Int64) throws -> Int {
        var kept = 0
        func isOpen(_ here: String?, _ there: EditRecord.Step?) -> Bool {
            guard let there, let here else { return true }
            if here != there.to { kept += 1 }
            return false
        }
        if try !isOpen(database.personalText(WrittenPrompt.caption, of: number), change.caption) {
            change.caption = nil
        }
        if try !isOpen(database.personalText(WrittenPrompt.title, of: number), change.title) {
            change.title = nil
        }
        for (name, step) in change.tags ?? [:] {
            if try !isOpen(database.personalTag(name, of: number), step) {
                change.tags?[name] = nil
            }
        }
        return kept
    }
}

extension ExportedAsset {
    /// What the asset is.
    fileprivate var journalAsset: JournalAsset? {
        guard width >= 0, height >= 0, duration?.isFinite ?? true else { return nil }
        return JournalAsset(
            identity: identity, kind: kind, format: format, width: width, height: height,
            duration: duration)
    }

    /// What a person says of it, as a change; words that this program would not have taken are left out.
    fileprivate var personsWords: EditChange {
        func word(_ prompt: String) -> EditRecord.Step? {
            texts.first { $0.source == "human" && $0.prompt == prompt && $0.start == nil }
                .map { EditRecord.Step(to: $0.text) }
        }
        let tags = tags.filter { $0.source == "human" }.map {
            ($0.name, EditRecord.Step(to: $0.removed == true ? "" : $0.written ?? $0.name))
        }
        return EditChange(
            checking: EditChange(
                caption: word(WrittenPrompt.caption), title: word(WrittenPrompt.title),
                tags: tags.isEmpty ? nil : Dictionary(tags) { first, _ in first }))
    }
}
