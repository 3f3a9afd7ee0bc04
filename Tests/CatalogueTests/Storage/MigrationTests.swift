@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite struct MigrationTests {
    private let directory: TemporaryDirectory
    private let path: FilePath
    private let disk = Volume(key: "disk", point: "")
    private let card = Volume(key: "card", point: "usb")

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path.appending("catalogue.sqlite")
        try VersionOne.make(at: path, files: 300)
    }

    @Test func keepsEverythingThatWasKnown() throws {
        let catalogue = try Catalogue(at: path, access: .owner)
        try catalogue.checkIntegrity()
        try catalogue.expectInvariants()
        let status = try catalogue.status()
        #expect(status.roots.map(\.files) == [100, 200])
        #expect(status.roots.map(\.missing).reduce(0, +) == 3)
        #expect(status.roots.map(\.failed).reduce(0, +) == 3)
        for number in 6...99 where number % 10 != 0 {
            let details = try #require(try catalogue.show(VersionOne.path(number)))
            #expect(details.asset?.caption == "a boat numbered n\(number)")
            #expect(details.job.state == .done)
        }
        #expect(try catalogue.show(VersionOne.path(103))?.job.lastError == "no picture")
        #expect(catalogue.interruptedJobs == 3)
    }

    @Test func learnsWhatWasMountedWhereWhenItHearsOfIt() throws {
        let catalogue = try Catalogue(at: path, access: .owner)
        let root = try #require(try catalogue.roots().first { $0.path == "/photos" })
        #expect(try catalogue.leaseNext() == nil, "nothing is known to be there")
        try catalogue.setOnline(root.id, volumes: [disk])
        try catalogue.lookedThrough(root.id, at: Date(timeIntervalSince1970: 10))
        #expect(try catalogue.show(VersionOne.path(8))?.location.isOnline == true)
        #expect(try catalogue.show(VersionOne.path(7))?.location.isOnline == false)
        let empty = DirectoryListing(
            directory: "usb", volume: disk, files: [], subdirectories: [])
        #expect(try catalogue.observe([.listing(empty)], in: root.id).missing == 0)
        try catalogue.setOnline(root.id, volumes: [disk, card])
        #expect(try catalogue.show(VersionOne.path(7))?.location.isOnline == true)
        let keys = try catalogue.read {
            try String.fetchAll($0, sql: "SELECT key FROM volume WHERE root_id = 1 ORDER BY point")
        }
        #expect(keys == ["disk", "card"])
        let status = FileStatus(
            kind: .file, device: 3, inode: 7, size: 100, modified: 7, changed: 7)
        let known = try catalogue.observe([.settled("usb/0/7.jpg", status, card)], in: root.id)
        #expect(known.unchanged == 1)
        try catalogue.expectInvariants()
    }

    @Test func tagsOfTheTimeBeforeHaveNoProbability() throws {
        var catalogue = try Catalogue(at: path, access: .owner)
        let before = try catalogue.show(VersionOne.path(8))
        // As version 5 was.
        try catalogue.write { database in
            try database.execute(
                sql: """
                    DROP TRIGGER tag_stays_removed; DROP TRIGGER tag_removed; DROP TRIGGER tag_restored;
                    DROP TRIGGER words_joined; DROP TRIGGER words_parted; DROP TRIGGER asset_tag_gone;
                    DROP TABLE edit; DROP TABLE journal; DROP TABLE removed_tag;
                    DROP TRIGGER embedding_counted; DROP TRIGGER embedding_uncounted;
                    DROP TABLE embedding_total; DROP TABLE embedding;
                    ALTER TABLE recipe DROP COLUMN kind;
                    ALTER TABLE asset_tag DROP COLUMN probability;
                    CREATE TRIGGER asset_tag_gone AFTER DELETE ON asset_tag BEGIN
                        DELETE FROM tag WHERE id = OLD.tag_id
                            AND NOT EXISTS (SELECT 1 FROM asset_tag WHERE tag_id = OLD.tag_id);
                    END;
                    DELETE FROM grdb_migrations
                        WHERE identifier LIKE '6 %' OR identifier LIKE '10 %';
                    """)
        }
        catalogue.close()
        #expect(throws: CatalogueError.self) { try Catalogue(at: path, access: .reader) }
        catalogue = try Catalogue(at: path, access: .owner)
        try catalogue.checkIntegrity()
        try catalogue.expectInvariants()
        let details = try #require(try catalogue.show(VersionOne.path(8)))
        #expect(details == before)
        let tags = try #require(details.asset?.tagDetails)
        #expect(!tags.isEmpty && tags.allSatisfy { $0.probability == nil })
    }

    @Test func saysHowFarItIs() throws {
        let seen = Mutex<[MigrationProgress]>([])
        let catalogue = try Catalogue(at: path, access: .owner) { progress in
            seen.withLock { $0.append(progress) }
        }
        let steps = seen.withLock { $0 }
        #expect(steps.count > 4)
        #expect(steps.map(\.done) == steps.map(\.done).sorted())
        #expect(steps.last.map { $0.done == $0.total } == true)
        catalogue.close()
        seen.withLock { $0 = [] }
        _ = try Catalogue(at: path, access: .owner) { progress in
            seen.withLock { $0.append(progress) }
        }
        #expect(seen.withLock { $0 }.isEmpty, "it happens once")
    }

    @Test func aReaderDoesNotMigrate() {
        #expect {
            try Catalogue(at: path, access: .reader)
        } throws: { error in
            guard case CatalogueError.olderSchema = error else { return false }
            return true
        }
    }

    /// What a kill leaves is a beginning of the log, whatever had been written of it.
    @Test func startsAgainWhereverItWasCutOff() throws {
        let log = FilePath(path.string + "-wal")
        let before = try Data(contentsOf: URL(filePath: path.string))
        let copies = Mutex<[Data]>([])
        let catalogue = try Catalogue(at: path, access: .owner) { _ in
            copies.withLock { copies in
                copies.append((try? Data(contentsOf: URL(filePath: log.string))) ?? Data())
            }
        }
        let final = try Data(contentsOf: URL(filePath: log.string))
        catalogue.close()
        var random = SplitMix(seed: 5)
        let logs =
            copies.withLock { $0 }
            + (0..<20).map { _ in
                final.prefix(Int.random(in: 0...final.count, using: &random))
            }
        for state in logs {
            let place = try TemporaryDirectory()
            let copy = place.path.appending("catalogue.sqlite")
            try before.write(to: URL(filePath: copy.string))
            try state.write(to: URL(filePath: copy.string + "-wal"))
            let again = try Catalogue(at: copy, access: .owner)
            try again.checkIntegrity()
            try again.expectInvariants()
            #expect(try again.status().roots.map(\.files) == [100, 200])
            again.close()
        }
    }
}

/// What takes minutes; for `make soak`.
@Suite struct LargeMigrationTests {
    @Test(.enabled(if: ProcessInfo.processInfo.environment["VIGNETTE_SOAK"] != nil))
    func bringsAMillionFilesUpToDate() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("catalogue.sqlite")
        try VersionOne.make(at: path, files: 1_000_000)
        let clock = ContinuousClock()
        let start = clock.now
        let catalogue = try Catalogue(at: path, access: .owner) { progress in
            print("\(progress.done) of \(progress.total) after \(clock.now - start)")
        }
        print("brought up to date in \(clock.now - start)")
        try catalogue.expectInvariants()
        #expect(try catalogue.status().roots.map(\.files).reduce(0, +) == 1_000_000)
    }
}
