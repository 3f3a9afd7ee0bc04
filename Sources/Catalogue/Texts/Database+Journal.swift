import Digests
import Foundation
import GRDB

extension Database {
    /// Appends what was done in this transaction to the journal, and takes note of where it ends now.
    func append(_ entries: [JournalEntry], to journal: EditJournal) throws {
        guard !entries.isEmpty else { return }
        let position = try Int64.fetchOne(self, sql: "SELECT position FROM journal") ?? 0
        let end = try journal.append(entries, at: position)
        try run("UPDATE journal SET position = ?", [end])
    }

    /// Makes the edits of the journal that this catalogue lacks.
    ///
    /// - Returns: How many there were.
    @discardableResult
    func replay(_ journal: EditJournal) throws -> Int {
        let known = try Int64.fetchOne(self, sql: "SELECT position FROM journal") ?? 0
        let size = try journal.size
        guard size != known else { return 0 }
        var count = 0
        // A shorter one is another file than the one that was read: all of it may be news.
        let end =
            size == 0
            ? 0
            : try journal.read(from: size < known ? 0 : known) { entry in
                if try replay(entry) { count += 1 }
            }
        try run("UPDATE journal SET position = ?", [end])
        return count
    }

    /// Makes an edit of the journal; whether it was not known.
    private func replay(_ entry: JournalEntry) throws -> Bool {
        let isKnown = try Bool.fetchOne(
            cachedStatement(sql: "SELECT 1 FROM edit WHERE uuid = ?"), arguments: [entry.edit])
        guard isKnown == nil, let origin = EditAuthor.Origin(rawValue: entry.origin),
            let asset = try asset(entry.asset, at: entry.at)
        else { return false }
        let change = EditChange(checking: entry.change)
        _ = try apply(change, to: asset)
        _ = try storeEdit(
            change, of: asset,
            EditHeader(
                uuid: entry.edit, at: entry.at,
                author: EditAuthor(origin, name: entry.author), undoes: entry.undoes))
        try refreshSearch(asset)
        return true
    }

    /// What the journal keeps of an asset.
    func journalAsset(_ asset: Int64) throws -> JournalAsset? {
        try Row.fetchOne(
            cachedStatement(
                sql: """
                    SELECT identity, kind, format, width, height, duration FROM asset WHERE id = ?
                    """), arguments: [asset]
        ).map { row in
            JournalAsset(
                identity: [UInt8](row["identity"] as Data).hexadecimal, kind: row["kind"],
                format: row["format"], width: row["width"], height: row["height"],
                duration: row["duration"])
        }
    }

    /// The asset with the identity, made without a file if it is new; `nil` where the entry makes no sense.
    func asset(
        _ facts: JournalAsset, at time: Double, orphanedAt: Double? = nil
    ) throws -> Int64? {
        guard let identity = [UInt8](hexadecimal: facts.identity), !identity.isEmpty,
            identity.count <= 64, AssetKind(rawValue: facts.kind) != nil
        else { return nil }
        let known = try Row.fetchOne(
            cachedStatement(sql: "SELECT id, primary_id FROM asset WHERE identity = ?"),
            arguments: [Data(identity)])
        if let known { return known["primary_id"] ?? known["id"] }
        try run(
            """
            INSERT INTO asset (kind, format, width, height, duration, identity, created_at,
                orphaned_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                facts.kind, StoredText.clean(facts.format), facts.width, facts.height,
                facts.duration, Data(identity), time, orphanedAt ?? time,
            ])
        return lastInsertedRowID
    }
}

extension EditChange {
    /// A change as a file says it, without words that this program would not have taken.
    init(checking change: EditChange) {
        func checked(_ step: EditRecord.Step?, most: Int) -> EditRecord.Step? {
            guard let step, (step.to ?? "").utf8.count <= most else { return nil }
            return EditRecord.Step(from: step.from, to: step.to.map(StoredText.clean))
        }
        caption = checked(change.caption, most: TextEdit.mostTextBytes)
        title = checked(change.title, most: TextEdit.mostTextBytes)
        tags = change.tags?.compactMapValues { checked($0, most: TextEdit.mostTagBytes) }
            .filter { !$0.key.isEmpty && $0.key.utf8.count <= TextEdit.mostTagBytes }
    }
}
