import GRDB

/// What a person says of one asset, as rows of `description`, `asset_tag` and `removed_tag`.
///
/// A word is `nil` where the person says nothing, and empty where nothing is to be said: no caption, or a tag
/// removed.
extension Database {
    /// A person's text of a name, such as *caption*.
    func personalText(_ prompt: String, of asset: Int64) throws -> String? {
        try String.fetchOne(
            cachedStatement(
                sql: """
                    SELECT text FROM description WHERE asset_id = ? AND source = 'human'
                        AND prompt = ? AND start_s IS NULL
                    """), arguments: [asset, prompt])
    }

    /// Puts a person's text of a name in place of the one that was there.
    func setPersonalText(_ prompt: String, of asset: Int64, to word: String?) throws {
        try run(
            """
            DELETE FROM description WHERE asset_id = ? AND source = 'human' AND prompt = ?
                AND start_s IS NULL
            """, [asset, prompt])
        guard let word else { return }
        try run(
            "INSERT INTO description (asset_id, source, prompt, text) VALUES (?, 'human', ?, ?)",
            [asset, prompt, word])
    }

    /// A person's word on a tag: how it is written, or empty where it was removed.
    func personalTag(_ name: String, of asset: Int64) throws -> String? {
        try String.fetchOne(
            cachedStatement(
                sql: """
                    SELECT coalesce(written, name) FROM asset_tag JOIN tag ON tag.id = tag_id
                        WHERE asset_id = ?1 AND source = 'human' AND name = ?2
                    UNION ALL
                    SELECT '' FROM removed_tag JOIN tag ON tag.id = tag_id
                        WHERE asset_id = ?1 AND source = 'human' AND name = ?2
                    LIMIT 1
                    """), arguments: [asset, name])
    }

    /// Puts a person's word on a tag in place of the one that was there.
    func setPersonalTag(_ name: String, of asset: Int64, to word: String?) throws {
        try run("INSERT INTO tag (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [name])
        let tag = try Int64.fetchOne(
            cachedStatement(sql: "SELECT id FROM tag WHERE name = ?"), arguments: [name])
        guard let tag else { return }
        for table in ["removed_tag", "asset_tag"] where word != "" || table == "asset_tag" {
            try run(
                "DELETE FROM \(table) WHERE asset_id = ? AND tag_id = ? AND source = 'human'",
                [asset, tag])
        }
        // Whoever had the tag last may have been the only one, with whom the tag itself has gone.
        guard let word else { return try forgetUnused(tag) }
        try run("INSERT OR IGNORE INTO tag (id, name) VALUES (?, ?)", [tag, name])
        if word.isEmpty {
            try run(
                "INSERT OR IGNORE INTO removed_tag (asset_id, tag_id, source) VALUES (?, ?, 'human')",
                [asset, tag])
        } else {
            try run(
                "INSERT INTO asset_tag (asset_id, tag_id, source, written) VALUES (?, ?, 'human', ?)",
                [asset, tag, word == name ? nil : word])
        }
    }

    private func forgetUnused(_ tag: Int64) throws {
        try run(
            """
            DELETE FROM tag WHERE id = ?1
                AND NOT EXISTS (SELECT 1 FROM asset_tag WHERE tag_id = ?1)
                AND NOT EXISTS (SELECT 1 FROM removed_tag WHERE tag_id = ?1)
            """, [tag])
    }

    /// Sets the fields of a change to its new words.
    ///
    /// - Returns: The change as it came about: with the words that were there before, without what was so already.
    func apply(_ change: EditChange, to asset: Int64) throws -> EditChange {
        var done = EditChange()
        if let step = change.caption {
            done.caption = try apply(step, WrittenPrompt.caption, to: asset)
        }
        if let step = change.title {
            done.title = try apply(step, WrittenPrompt.title, to: asset)
        }
        for (name, step) in (change.tags ?? [:]).sorted(by: { $0.key < $1.key }) {
            let before = try personalTag(name, of: asset)
            guard before != step.to else { continue }
            try setPersonalTag(name, of: asset, to: step.to)
            done.tags = (done.tags ?? [:])
                .merging([name: EditRecord.Step(from: before, to: step.to)]) { _, new in new }
        }
        return done
    }

    private func apply(
        _ step: EditRecord.Step, _ prompt: String, to asset: Int64
    ) throws -> EditRecord.Step? {
        let before = try personalText(prompt, of: asset)
        guard before != step.to else { return nil }
        try setPersonalText(prompt, of: asset, to: step.to)
        return EditRecord.Step(from: before, to: step.to)
    }
}
