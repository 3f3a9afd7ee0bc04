import GRDB
import SystemPackage

/// How far an older catalogue has been brought up to date.
public struct MigrationProgress: Equatable, Sendable {
    /// Parts of the work that are done.
    public var done: Int
    /// Parts altogether.
    public var total: Int

    /// Builds a progress from its parts.
    public init(done: Int, total: Int) {
        self.done = done
        self.total = total
    }

    /// The progress of one migration, as the progress of all in thousandths.
    fileprivate func scaled(to part: ClosedRange<Int>) -> MigrationProgress {
        let share = total > 0 ? Double(done) / Double(total) : 1
        return MigrationProgress(
            done: part.lowerBound + Int(share * Double(part.upperBound - part.lowerBound)),
            total: 1000)
    }
}

/// The catalogue's tables, as a history of migrations; only ever add to its end.
enum Schema {
    /// Marks the file as a catalogue of Vignette: "VGNT".
    static let applicationID = 0x5647_4E54

    /// Every change that the schema has seen, oldest first.
    ///
    /// Each is one transaction: a kill at any moment leaves the file as it was before.
    static func migrator(
        onProgress: @escaping @Sendable (MigrationProgress) -> Void = { _ in }
    ) -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 files, assets, jobs, search") { database in
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            for statements in [files, assets, descriptions, jobs, search] {
                try database.execute(sql: statements)
            }
        }
        // Tables are rebuilt, for which references must not be followed meanwhile; the migration checks
        // those that it touches, since checking all of a large catalogue takes longer than the rest.
        migrator = migrator.disablingDeferredForeignKeyChecks()
        migrator.registerMigration("2 volumes, work") { database in
            try VolumesAndWork(database: database) { onProgress($0.scaled(to: 0...650)) }.migrate()
        }
        migrator.registerMigration("3 counts") { database in
            try Counts(database: database) { onProgress($0.scaled(to: 650...850)) }.migrate()
        }
        migrator.registerMigration("4 texts, pairs") { database in
            try TextsAndPairs(database: database) { onProgress($0.scaled(to: 850...920)) }
                .migrate()
        }
        registerShortMigrations(in: &migrator, onProgress)
        return migrator
    }

    /// Those that take a few seconds where the others take a minute.
    private static func registerShortMigrations(
        in migrator: inout DatabaseMigrator,
        _ onProgress: @escaping @Sendable (MigrationProgress) -> Void
    ) {
        // A new catalogue has nothing to tell of.
        let report = { @Sendable (thousandths: Int, database: Database) throws in
            let hasFiles = try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM file)")
            guard hasFiles == true else { return }
            onProgress(MigrationProgress(done: thousandths, total: 1000))
        }
        migrator.registerMigration("5 progress") { database in
            for statements in [progress, ownedAssetTriggers, workTotalTriggers] {
                try database.execute(sql: statements)
            }
            try report(940, database)
        }
        migrator.registerMigration("6 probabilities, embeddings") { database in
            for statements in [probabilitiesAndEmbeddings, embeddingTotalTriggers] {
                try database.execute(sql: statements)
            }
        }
        migrator.registerMigration("7 capture") { database in
            for statements in [capture, captureTriggers] {
                try database.execute(sql: statements)
            }
        }
        migrator.registerMigration("8 library, signatures") { database in
            try database.execute(sql: librarySignatures)
        }
        migrator.registerMigration("9 cameras") { database in
            try database.execute(sql: cameras)
            try report(960, database)
        }
        migrator.registerMigration("10 edits") { database in
            for statements in [edits, removedTagTriggers, pairedWordTriggers] {
                try database.execute(sql: statements)
            }
        }
        migrator.registerMigration("11 sidecars written") { database in
            for statements in [sidecarWrites, sidecarDueTriggers] {
                try database.execute(sql: statements)
            }
            try report(980, database)
        }
        migrator.registerMigration("12 undated") { database in
            try database.execute(sql: undated)
            try report(1000, database)
        }
        migrator.registerMigration("13 fine embeddings") { database in
            try database.execute(sql: fineEmbeddings)
        }
        migrator.registerMigration("14 help") { database in
            try database.execute(sql: help)
        }
        migrator.registerMigration("15 folder of sidecars") { database in
            try database.execute(sql: sidecarFolder)
        }
    }

    /// Brings an owner's file up to date, and refuses files that this program cannot work with.
    static func prepare(
        _ queue: DatabaseQueue, for access: Catalogue.Access, at path: FilePath,
        onProgress: @escaping @Sendable (MigrationProgress) -> Void
    ) throws {
        let migrator = migrator(onProgress: onProgress)
        let isUpToDate = try queue.read { database in
            let mark = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0
            guard mark == applicationID || isEmpty else { throw CatalogueError.foreign(path) }
            if isEmpty {
                if access == .owner { return false }
                throw CatalogueError.missing(path)
            }
            if try migrator.hasBeenSuperseded(database) { throw CatalogueError.newerSchema(path) }
            let isUpToDate = try migrator.hasCompletedMigrations(database)
            if !isUpToDate && access != .owner { throw CatalogueError.olderSchema(path) }
            return isUpToDate
        }
        guard !isUpToDate else { return }
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA cache_size = -262144") }
        try migrator.migrate(queue)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA cache_size = \(Catalogue.cacheSize)")
        }
    }
}
