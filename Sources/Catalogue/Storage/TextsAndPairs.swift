import GRDB

/// Brings a catalogue of version 3 to version 4, within one transaction.
struct TextsAndPairs {
    let database: Database
    let onProgress: (MigrationProgress) -> Void

    func migrate() throws {
        let files = try Int.fetchOne(database, sql: "SELECT count(*) FROM file") ?? 0
        let steps =
            [Schema.textsAndPairs] + Schema.textAndPairIndexes + [
                markVerdicts, Schema.apartJobTriggers, Schema.pairedAssetTriggers,
                Schema.incompleteTotalTriggers, Schema.sidecarTagTriggers,
            ]
        for (number, step) in steps.enumerated() {
            if files > 0 { onProgress(MigrationProgress(done: number, total: steps.count)) }
            try database.execute(sql: step)
        }
        if files > 0 { onProgress(MigrationProgress(done: steps.count, total: steps.count)) }
    }

    /// What the codecs said before their version was kept is the verdict of version 0.
    private var markVerdicts: String {
        let isTheirs = Schema.notTheCodecs.map { "last_error NOT LIKE '\($0)'" }
            .joined(separator: " AND ")
        return ["job", "work"].map { table in
            "UPDATE \(table) SET codecs = 0 WHERE state = 'failed' AND \(isTheirs);"
        }.joined(separator: "\n")
    }
}
