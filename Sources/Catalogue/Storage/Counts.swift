import GRDB

/// Brings a catalogue of version 2 to version 3, within one transaction: counts everything once, and
/// from then on triggers keep the counts.
struct Counts {
    let database: Database
    let onProgress: (MigrationProgress) -> Void

    func migrate() throws {
        let assets = try Int.fetchOne(database, sql: "SELECT count(*) FROM asset") ?? 0
        try database.execute(sql: Schema.counts)
        let steps = [
            countAssetsAndJobs, countDescriptions, findHiddenAssets, countTags, nameFurtherFiles,
            addTriggers, supersedeTags,
        ]
        for (number, step) in steps.enumerated() {
            if assets > 0 {
                onProgress(
                    MigrationProgress(done: number * assets, total: steps.count * assets))
            }
            try step()
        }
        if assets > 0 {
            onProgress(
                MigrationProgress(done: steps.count * assets, total: steps.count * assets))
        }
    }

    private func countAssetsAndJobs() throws {
        try database.execute(
            sql: """
                INSERT INTO asset_total SELECT count(*) FROM asset;
                INSERT INTO job_total
                    SELECT volume_id, is_held, state, count(*) FROM job
                    GROUP BY volume_id, is_held, state;
                """)
    }

    private func countDescriptions() throws {
        try database.execute(
            sql: """
                UPDATE recipe SET assets =
                    (SELECT count(*) FROM described WHERE recipe_id = recipe.id);
                INSERT INTO model_total
                    SELECT model, version, sum(assets) FROM recipe GROUP BY model, version;
                UPDATE model_total SET assets = (
                        SELECT count(DISTINCT asset_id)
                        FROM recipe JOIN described ON recipe_id = recipe.id
                        WHERE (recipe.model, recipe.version)
                            = (model_total.model, model_total.version))
                    WHERE (SELECT count(*) FROM recipe
                        WHERE (recipe.model, recipe.version)
                            = (model_total.model, model_total.version)) > 1;
                """)
    }

    private func findHiddenAssets() throws {
        try database.execute(
            sql: """
                INSERT INTO hidden_asset SELECT id FROM asset WHERE NOT EXISTS (
                    SELECT 1 FROM file WHERE asset_id = asset.id
                        AND is_current = 1 AND missing_since IS NULL)
                """)
    }

    /// As if no tag were superseded; `supersedeTags` corrects that for the few assets where some are.
    private func countTags() throws {
        try database.execute(
            sql: """
                UPDATE tag SET assets = (
                    SELECT count(DISTINCT asset_id) FROM asset_tag
                    WHERE tag_id = tag.id AND NOT EXISTS (
                        SELECT 1 FROM hidden_asset
                        WHERE hidden_asset.asset_id = asset_tag.asset_id))
                """)
    }

    private func nameFurtherFiles() throws {
        try database.execute(
            sql: """
                INSERT INTO more_names (rowid, names)
                    SELECT id, CAST(directory || name AS TEXT) FROM (
                        SELECT id, directory, name,
                            row_number() OVER (PARTITION BY asset_id ORDER BY id) AS place
                        FROM file
                        WHERE is_current = 1 AND asset_id IN (
                            SELECT asset_id FROM file WHERE asset_id IS NOT NULL
                            GROUP BY asset_id HAVING count(*) > \(Schema.maximumNames)))
                    WHERE place > \(Schema.maximumNames)
                """)
    }

    private func addTriggers() throws {
        for triggers in [
            Schema.hiddenAssetTriggers, Schema.jobTotalTriggers, Schema.recipeTotalTriggers,
            Schema.tagTotalTriggers, Schema.moreNamesTriggers,
        ] {
            try database.execute(sql: triggers)
        }
    }

    private func supersedeTags() throws {
        try database.execute(
            sql: """
                UPDATE asset_tag SET is_superseded = 1
                WHERE asset_id IN (
                        SELECT asset_id FROM described GROUP BY asset_id HAVING count(*) > 1)
                    AND (\(Schema.isSuperseded))
                """)
    }
}
