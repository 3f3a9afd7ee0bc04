public import Foundation
import GRDB

/// Where an edit goes, and how it is told from others.
struct EditHeader {
    var uuid: String
    var at: Double
    var author: EditAuthor
    var undoes: String?
}

extension Catalogue {
    /// Makes a person's edit to assets; it is on the disk when this returns.
    ///
    /// One transaction: all of the assets are edited, or none. Words go to the asset that stands for the picture,
    /// where a raw and a JPEG, or a still and a clip, are one. An edit that leaves an asset as it is leaves no
    /// record.
    ///
    /// - Parameters:
    ///   - assets: Their numbers.
    ///   - edit: What to change.
    ///   - author: Who changes it, and through what.
    ///   - seen: The number of the last edit that the person has seen, 0 for none; with another one since then
    ///     nothing is changed. `nil` leaves that out.
    ///   - now: The moment.
    /// - Returns: What was done to each asset that it changed.
    /// - Throws: `CatalogueError`; `.invalid` for an empty or overlong text or tag, `.editedMeanwhile`.
    @discardableResult
    public func edit(
        _ assets: [Int64], _ edit: TextEdit, by author: EditAuthor, seen: Int64? = nil,
        at now: Date = Date()
    ) throws(CatalogueError) -> [EditRecord] {
        let change = try EditChange(edit)
        return try writeDurably { database, journal in
            var primaries: Set<Int64> = []
            return try assets.compactMap { asset in
                let told = try database.editable(asset)
                guard primaries.insert(told).inserted else { return nil }
                if let seen, try database.lastEdit(of: told) != seen {
                    throw CatalogueError.editedMeanwhile
                }
                let header = EditHeader(
                    uuid: UUID().uuidString.lowercased(), at: now.timeIntervalSince1970,
                    author: author)
                return try database.make(change, to: told, header, journal)
            }
        }
    }

    /// Takes back the last edit of an asset that was not taken back yet; durable when this returns.
    ///
    /// - Parameters:
    ///   - asset: Its number.
    ///   - author: Who takes it back.
    ///   - seen: As for an edit.
    ///   - now: The moment.
    /// - Returns: The edit that was taken back; `nil` if there is none.
    /// - Throws: `CatalogueError`.
    @discardableResult
    public func undoLastEdit(
        of asset: Int64, by author: EditAuthor, seen: Int64? = nil, at now: Date = Date()
    ) throws(CatalogueError) -> EditRecord? {
        try writeDurably { database, journal in
            let told = try database.editable(asset)
            if let seen, try database.lastEdit(of: told) != seen {
                throw CatalogueError.editedMeanwhile
            }
            let records = try database.edits(of: told)
            guard let last = records.last(where: { !$0.isUndone && $0.undoes == nil }) else {
                return nil
            }
            let header = EditHeader(
                uuid: UUID().uuidString.lowercased(), at: now.timeIntervalSince1970, author: author,
                undoes: last.uuid)
            try database.make(last.change.reversed, to: told, header, journal)
            return last
        }
    }

    /// All edits of an asset, the oldest first.
    ///
    /// - Throws: `CatalogueError`.
    public func edits(of asset: Int64) throws(CatalogueError) -> [EditRecord] {
        try read { try $0.edits(of: $0.primary(of: asset) ?? asset) }
    }

    /// Runs a transaction whose edits are on the disk, in the journal and in the database, when it ends.
    func writeDurably<Value>(
        _ body: (Database, PendingJournal) throws -> Value
    ) throws(CatalogueError) -> Value {
        guard access != .reader else { throw .readOnly(path) }
        do {
            return try queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                defer { try? database.execute(sql: "PRAGMA synchronous = NORMAL") }
                var result: Result<Value, any Error>?
                try database.inTransaction(.immediate) {
                    let pending = PendingJournal()
                    try database.replay(EditJournal(of: path))
                    let value = try body(database, pending)
                    try database.append(pending.entries, to: EditJournal(of: path))
                    result = .success(value)
                    return .commit
                }
                guard let result else { throw CatalogueError.invalid(reason: "nothing was done") }
                return try result.get()
            }
        } catch {
            throw CatalogueError(error, at: path)
        }
    }
}

/// The entries of a transaction, which go into the journal just before it ends.
final class PendingJournal {
    private(set) var entries: [JournalEntry] = []

    func append(_ entry: JournalEntry) { entries.append(entry) }
}

extension EditChange {
    /// The words of an edit, checked; the words before are not known yet.
    init(_ edit: TextEdit) throws(CatalogueError) {
        caption = try Self.step(edit.caption, "caption")
        title = try Self.step(edit.title, "title")
        let count = edit.given.count + edit.taken.count + edit.withdrawn.count
        guard count <= TextEdit.mostTags else {
            throw .invalid(
                reason: "\(count) tags at once; at most \(TextEdit.mostTags) are taken")
        }
        var tags: [String: EditRecord.Step] = [:]
        for tag in edit.withdrawn { tags[try Self.tag(tag).name] = EditRecord.Step() }
        for tag in edit.taken { tags[try Self.tag(tag).name] = EditRecord.Step(to: "") }
        for tag in edit.given {
            let (name, written) = try Self.tag(tag)
            guard tags[name]?.to != "" else {
                throw .invalid(reason: "the tag '\(written)' cannot be given and removed at once")
            }
            tags[name] = EditRecord.Step(to: written)
        }
        self.tags = tags.isEmpty ? nil : tags
    }

    private static func step(
        _ words: TextEdit.Words, _ field: String
    ) throws(CatalogueError) -> EditRecord.Step? {
        switch words {
        case .keep: return nil
        case .silence: return EditRecord.Step(to: "")
        case .withdraw: return EditRecord.Step()
        case .say(let text):
            let text = StoredText.clean(text)
            guard !text.isEmpty else {
                throw .invalid(reason: "the \(field) is empty; to have none, clear it")
            }
            guard text.utf8.count <= TextEdit.mostTextBytes else {
                throw .invalid(
                    reason: "the \(field) has \(text.utf8.count) bytes; "
                        + "at most \(TextEdit.mostTextBytes) are kept")
            }
            return EditRecord.Step(to: text)
        }
    }

    private static func tag(
        _ text: String
    ) throws(CatalogueError) -> (name: String, written: String) {
        let written = StoredText.clean(text)
        guard !written.isEmpty, !written.contains(where: \.isNewline) else {
            throw .invalid(reason: "a tag is one line of text, and not an empty one")
        }
        guard written.utf8.count <= TextEdit.mostTagBytes else {
            throw .invalid(
                reason: "a tag has \(written.utf8.count) bytes; at most "
                    + "\(TextEdit.mostTagBytes) are kept")
        }
        return (written.lowercased(), written)
    }
}

extension Database {
    /// The asset that an asset's words go to; throws for one that is not there.
    fileprivate func editable(_ asset: Int64) throws -> Int64 {
        let row = try Row.fetchOne(
            cachedStatement(sql: "SELECT primary_id FROM asset WHERE id = ?"), arguments: [asset])
        guard let row else {
            throw CatalogueError.invalid(reason: "there is no picture with the number \(asset)")
        }
        return row["primary_id"] ?? asset
    }

    /// The number of an asset's last edit, 0 for none.
    func lastEdit(of asset: Int64) throws -> Int64 {
        try Int64.fetchOne(
            cachedStatement(
                sql: "SELECT id FROM edit WHERE asset_id = ? ORDER BY id DESC LIMIT 1"),
            arguments: [asset]) ?? 0
    }

    /// Makes a change to an asset and its record, and notes it for the journal.
    ///
    /// - Returns: The record; `nil` where everything was so already and nothing was taken back.
    @discardableResult
    func make(
        _ change: EditChange, to asset: Int64, _ header: EditHeader, _ journal: PendingJournal
    ) throws -> EditRecord? {
        let done = try apply(change, to: asset)
        guard !done.isEmpty || header.undoes != nil else { return nil }
        let number = try storeEdit(done, of: asset, header)
        try refreshSearch(asset)
        if let facts = try journalAsset(asset) {
            journal.append(
                JournalEntry(
                    edit: header.uuid, at: header.at, origin: header.author.origin.rawValue,
                    author: header.author.name, undoes: header.undoes, change: done, asset: facts))
        }
        return EditRecord(
            number: number, uuid: header.uuid, at: Date(timeIntervalSince1970: header.at),
            author: header.author, change: done, undoes: header.undoes, isUndone: false)
    }

    /// Stores the record of a change; its number.
    func storeEdit(
        _ change: EditChange, of asset: Int64, _ header: EditHeader
    ) throws -> Int64 {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try run(
            """
            INSERT INTO edit (uuid, asset_id, at, origin, author, change, undoes)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                header.uuid, asset, header.at, header.author.origin.rawValue,
                StoredText.clean(header.author.name),
                String(decoding: try encoder.encode(change), as: UTF8.self), header.undoes,
            ])
        return lastInsertedRowID
    }

    /// All edits of an asset, the oldest first.
    func edits(of asset: Int64) throws -> [EditRecord] {
        let rows = try Row.fetchAll(
            cachedStatement(
                sql: """
                    SELECT id, uuid, at, origin, author, change, undoes,
                        EXISTS (SELECT 1 FROM edit AS later WHERE later.asset_id = edit.asset_id
                            AND later.undoes = edit.uuid) AS is_undone
                    FROM edit WHERE asset_id = ? ORDER BY id
                    """), arguments: [asset])
        return rows.compactMap { row in
            let change = Data((row["change"] as String).utf8)
            guard let change = try? JSONDecoder().decode(EditChange.self, from: change),
                let origin = EditAuthor.Origin(rawValue: row["origin"])
            else { return nil }
            return EditRecord(
                number: row["id"], uuid: row["uuid"],
                at: Date(timeIntervalSince1970: row["at"]),
                author: EditAuthor(origin, name: row["author"]), change: change,
                undoes: row["undoes"], isUndone: row["is_undone"])
        }
    }
}
