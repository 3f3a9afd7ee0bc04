import CSQLiteSettings
import Foundation
import GRDB
import Synchronization
public import SystemPackage

/// What Vignette knows, in one SQLite file: roots, files, what was seen in them, the job queue.
///
/// All calls block and may come from any thread. Each call that changes something is one
/// transaction: it happens wholly or not at all, whenever the process dies.
public final class Catalogue: Sendable {
    /// What a process may do with the catalogue.
    public enum Access: Sendable {
        /// The one process that runs jobs, such as the daemon. Creates and migrates the file, and
        /// is the only one to copy the write-ahead log back into it.
        case owner
        /// Short changes from elsewhere, such as `retry`, while an owner may be at work.
        case visitor
        /// Reading, while an owner may be at work.
        case reader
    }

    /// Where the file is.
    public let path: FilePath
    /// What this process may do.
    public let access: Access
    /// How many jobs the previous owner left behind half done; put back into the queue by opening.
    public let interruptedJobs: Int

    /// How many edits of people the journal had that the catalogue had not; given back to it by opening.
    public let restoredEdits: Int

    let queue: DatabaseQueue
    private let lock: OwnerLock?
    /// The folder with a copy of a catalogue that cannot be read where it is.
    private let copy: FilePath?
    private let isClosed = Mutex(false)

    /// What SQLite may keep in memory for speed, as its pragma `cache_size` takes it: 32 MiB.
    static let cacheSize = -32_768

    /// Opens the catalogue at `path`; as `.owner`, makes it if it is not there and brings an older one
    /// up to date.
    ///
    /// - Parameters:
    ///   - path: Where the file is, or is to be.
    ///   - access: What this process is going to do.
    ///   - onMigration: Told now and then how far an older catalogue has been brought up to date.
    /// - Throws: `CatalogueError`, in words for the person at the terminal.
    public init(
        at path: FilePath, access: Access,
        onMigration: @escaping @Sendable (MigrationProgress) -> Void = { _ in }
    ) throws(CatalogueError) {
        let location = try CatalogueLocation(path)
        self.path = path
        self.access = access
        switch access {
        case .owner:
            try location.create()
            lock = try OwnerLock(for: path)
        case .visitor, .reader:
            try location.checkPresence()
            lock = nil
        }
        do {
            (queue, copy) = try Self.open(location, access, onMigration)
            interruptedJobs =
                access == .owner
                ? try queue.write { try $0.beginOwnership(at: Date().timeIntervalSince1970) } : 0
            restoredEdits =
                access == .owner ? try queue.write { try $0.replay(EditJournal(of: path)) } : 0
        } catch {
            throw CatalogueError(error, at: path)
        }
    }

    deinit {
        close()
    }

    /// Closes the file; the owner first copies the write-ahead log back and then gives its lock up.
    ///
    /// Closing again does nothing. What was committed is safe whether or not this runs, so that
    /// nothing here can fail in a way that matters.
    public func close() {
        let wasClosed = isClosed.withLock { closed in
            defer { closed = true }
            return closed
        }
        guard !wasClosed else { return }
        if access == .owner {
            // A reader in the middle of a long query only leaves the log for next time.
            _ = try? queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        }
        try? queue.close()
        lock?.release()
        StillCopy.remove(copy)
    }

    /// Opens the file, and for a reader, where that fails on a medium that cannot be written, as it stands.
    private static func open(
        _ location: CatalogueLocation, _ access: Access,
        _ onMigration: @escaping @Sendable (MigrationProgress) -> Void
    ) throws -> (DatabaseQueue, copy: FilePath?) {
        _ = StillCopy.acceptsURIs
        let configuration = Configuration.catalogue(access)
        do {
            let queue = try DatabaseQueue(path: location.text, configuration: configuration)
            try Schema.prepare(queue, for: access, at: location.path, onProgress: onMigration)
            return (queue, nil)
        } catch  where access == .reader && StillCopy.mayHelp(with: error, at: location.path) {
            let still = try StillCopy(of: location.path, configuration: configuration)
            do {
                try Schema.prepare(
                    still.queue, for: access, at: location.path, onProgress: onMigration)
            } catch {
                try? still.queue.close()
                StillCopy.remove(still.folder)
                throw error
            }
            return (still.queue, still.folder)
        }
    }

    /// Ends what is being read at this moment, from another thread than the one that reads; it throws there.
    public func interrupt() { queue.interrupt() }

    /// The process that owns the catalogue at `path` now, if there is one and it says who it is.
    public static func owner(at path: FilePath) -> Int32? {
        OwnerLock.holder(for: path)
    }

    /// Runs `body` in one transaction that is rolled back if it throws.
    func write<Value>(_ body: (Database) throws -> Value) throws(CatalogueError) -> Value {
        guard access != .reader else { throw .readOnly(path) }
        do {
            return try queue.write(body)
        } catch {
            throw CatalogueError(error, at: path)
        }
    }

    /// Runs `step` again and again, in transactions so short that others can write between them.
    ///
    /// Transactions last 20 ms, with 5 ms between them: threads of this process take turns anyway, but
    /// SQLite lets another process look for the lock only every 100 ms when it has waited for a while.
    ///
    /// - Parameters:
    ///   - begin: Called at the beginning of each transaction.
    ///   - step: Changes a few hundred rows at most; whether there is more to do.
    /// - Throws: `CatalogueError`.
    func writeInSlices(
        begin: () -> Void = {}, _ step: (Database) throws -> Bool
    ) throws(CatalogueError) {
        var isMore = true
        while isMore {
            isMore = try write { database in
                begin()
                let end = ContinuousClock.now + .milliseconds(20)
                while try step(database) {
                    if ContinuousClock.now >= end { return true }
                }
                return false
            }
            if isMore { usleep(5000) }
        }
    }

    /// Runs `body` on one unchanging state of the catalogue; what it changed would be rolled back.
    ///
    /// `DatabaseQueue.read` keeps writes out with `PRAGMA query_only`, after which SQLite compiles every
    /// prepared statement of the connection anew: where one connection reads and writes in turns, that took
    /// as long as running them.
    func read<Value>(_ body: (Database) throws -> Value) throws(CatalogueError) -> Value {
        do {
            return try queue.inDatabase { try $0.reading(body) }
        } catch {
            throw CatalogueError(error, at: path)
        }
    }
}

extension Configuration {
    /// How each kind of process talks to SQLite.
    fileprivate static func catalogue(_ access: Catalogue.Access) -> Configuration {
        var configuration = Configuration()
        configuration.label = "catalogue"
        // Writers take turns and transactions are short, so that only a stuck process exceeds this.
        configuration.busyMode = .timeout(30)
        configuration.readonly = access == .reader
        if access == .owner {
            configuration.journalMode = .wal
        }
        configuration.prepareDatabase { database in
            switch access {
            case .owner:
                // After a checkpoint the log keeps at most this much of the disk.
                try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
                // Each checkpoint waits for the disk twice, and nobody else can write meanwhile: they
                // are made for 32 MiB of log rather than for SQLite's 4.
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 8192")
                try database.execute(sql: "PRAGMA cache_size = \(Catalogue.cacheSize)")
            case .visitor:
                // NORMAL syncs the log at checkpoints only. A killed process loses nothing, since
                // the kernel has what was committed; a power cut may lose the last descriptions,
                // which the jobs, lost with them, make again, and never breaks the file. FULL
                // would cost a sync of the disk for each job and each observed directory.
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
                try database.leaveCheckpointsToOwner()
            case .reader:
                try database.leaveCheckpointsToOwner()
            }
        }
        return configuration
    }
}

extension Database {
    /// Runs `body` in a transaction that changes nothing.
    fileprivate func reading<Value>(_ body: (Database) throws -> Value) throws -> Value {
        var result: Result<Value, any Error>?
        try inTransaction(.deferred) {
            result = Result { try body(self) }
            return .rollback
        }
        guard let result else { throw CatalogueError.invalid(reason: "nothing was read") }
        return try result.get()
    }

    /// Keeps this connection from ever copying the log into the file, on commit or on closing.
    ///
    /// SQLite before 3.51.3 can corrupt a catalogue that two connections checkpoint at once; the
    /// owner's one connection, guarded by the lock, is the only one that does.
    fileprivate func leaveCheckpointsToOwner() throws {
        try execute(sql: "PRAGMA wal_autocheckpoint = 0")
        guard let sqliteConnection else { return }
        let code = vignette_sqlite_disable_checkpoint_on_close(
            UnsafeMutableRawPointer(sqliteConnection))
        guard code == 0 else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
}
