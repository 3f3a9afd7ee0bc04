@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import GRDBSQLite
import SystemPackage
import TestSupport
import Testing

@Suite struct CatalogueTests {
    @Test func keepsWhatWasCommittedWhenOpenedAgain() throws {
        let fixture = try CatalogueFixture()
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1)
        fixture.catalogue.close()
        let reader = try Catalogue(at: fixture.path, access: .reader)
        #expect(try reader.show("/photos/a.jpg")?.asset?.caption == "a boat")
    }

    @Test func refusesASecondOwnerAndSaysWhoTheFirstIs() throws {
        let fixture = try CatalogueFixture()
        let message = try #require(
            throws: CatalogueError.self,
            performing: { try Catalogue(at: fixture.path, access: .owner) })
        #expect(message.description.contains("process \(getpid())"))
        #expect(Catalogue.owner(at: fixture.path) == getpid())
    }

    @Test func canBeOwnedAgainAfterClosing() throws {
        let fixture = try CatalogueFixture()
        fixture.catalogue.close()
        fixture.catalogue.close()
        #expect(Catalogue.owner(at: fixture.path) == nil)
        _ = try Catalogue(at: fixture.path, access: .owner)
    }

    @Test(arguments: [Catalogue.Access.reader, .visitor])
    func saysWhatToRunWhereNoCatalogueIs(access: Catalogue.Access) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("none.sqlite")
        let error = try #require(
            throws: CatalogueError.self, performing: { try Catalogue(at: path, access: access) })
        #expect(error.description.contains("vignette scan DIR"))
        #expect(throws: Errno.noSuchFileOrDirectory) { try FileStatus(at: path) }
    }

    @Test func refusesAChangeThroughAReader() throws {
        let fixture = try CatalogueFixture()
        let reader = try Catalogue(at: fixture.path, access: .reader)
        #expect {
            try reader.setOffline(fixture.root.id, reason: "gone")
        } throws: { error in
            guard case CatalogueError.readOnly = error else { return false }
            return true
        }
    }

    @Test func whatAReadChangesIsRolledBack() throws {
        let fixture = try CatalogueFixture()
        try fixture.observe("a.jpg")
        try fixture.catalogue.read { try $0.execute(sql: "DELETE FROM file") }
        #expect(try fixture.show("a.jpg") != nil)
    }

    /// Compiling a statement takes longer than running it.
    @Test func readingLeavesPreparedStatementsAsTheyAre() throws {
        let fixture = try CatalogueFixture()
        let statement = { (database: Database) in
            try database.cachedStatement(sql: "UPDATE file SET camera = NULL WHERE id = ?")
        }
        for file in 0..<3 {
            try fixture.catalogue.write { try statement($0).execute(arguments: [file]) }
            _ = try fixture.catalogue.pending()
        }
        let count = try fixture.catalogue.write {
            sqlite3_stmt_status(
                try statement($0).sqliteStatement, SQLITE_STMTSTATUS_REPREPARE, 0)
        }
        #expect(count == 0)
    }

    @Test func readsWithoutAnOwnerAndWithoutALog() throws {
        let fixture = try CatalogueFixture()
        fixture.catalogue.close()
        let log = FilePath(fixture.path.string + "-wal")
        #expect(throws: Errno.noSuchFileOrDirectory) { try FileStatus(at: log) }
        let reader = try Catalogue(at: fixture.path, access: .reader)
        #expect(try reader.roots().map(\.path) == ["/photos"])
    }

    @Test(arguments: [Catalogue.Access.owner, .reader, .visitor])
    func refusesAFileThatIsNoDatabase(access: Catalogue.Access) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("notes.sqlite")
        try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: path.string))
        #expect {
            try Catalogue(at: path, access: access)
        } throws: { error in
            guard case CatalogueError.damaged(path, _) = error else { return false }
            return "\(error)".contains(path.string)
        }
    }

    @Test func leavesAnotherProgramsDatabaseAlone() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("other.sqlite")
        let other = try DatabaseQueue(path: path.string)
        try other.write { try $0.execute(sql: "CREATE TABLE album (id INTEGER)") }
        try other.close()
        #expect {
            try Catalogue(at: path, access: .owner)
        } throws: { error in
            guard case CatalogueError.foreign = error else { return false }
            return true
        }
    }

    @Test(arguments: [Catalogue.Access.owner, .reader, .visitor])
    func refusesACatalogueOfANewerVersion(access: Catalogue.Access) throws {
        let fixture = try CatalogueFixture()
        try fixture.catalogue.write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9 things to come')")
        }
        fixture.catalogue.close()
        #expect {
            try Catalogue(at: fixture.path, access: access)
        } throws: { error in
            guard case CatalogueError.newerSchema = error else { return false }
            return "\(error)".contains("update Vignette")
        }
    }

    @Test func asksForAnUpgradeOfAnOlderCatalogue() throws {
        let fixture = try CatalogueFixture()
        try fixture.catalogue.write { try $0.execute(sql: "DELETE FROM grdb_migrations") }
        fixture.catalogue.close()
        #expect {
            try Catalogue(at: fixture.path, access: .reader)
        } throws: { error in
            guard case CatalogueError.olderSchema = error else { return false }
            return true
        }
    }

    @Test func leavesTheLogToTheOwnerWhenAVisitorIsTheLastToClose() throws {
        let fixture = try CatalogueFixture()
        fixture.catalogue.close()
        let file = URL(filePath: fixture.path.string)
        let before = try Data(contentsOf: file)
        let visitor = try Catalogue(at: fixture.path, access: .visitor)
        // More than the thousand pages after which SQLite would checkpoint by itself.
        for index in 0..<50 {
            let reason = String(repeating: "away \(index) ", count: 20_000)
            try visitor.setOffline(fixture.root.id, reason: reason)
        }
        visitor.close()
        let log = try FileStatus(at: FilePath(fixture.path.string + "-wal"))
        #expect(log.size > 4_096_000)
        #expect(try Data(contentsOf: file) == before)
        let owner = try Catalogue(at: fixture.path, access: .owner)
        #expect(try owner.roots().first?.state != .online)
        owner.close()
        #expect(try Data(contentsOf: file) != before)
    }

    @Test func namesTheFileWhenTheDiskIsFullAndKeepsWhatItHas() throws {
        let fixture = try CatalogueFixture()
        try fixture.observe("a.jpg")
        try fixture.catalogue.queue.writeWithoutTransaction { database in
            let pages = try #require(try Int.fetchOne(database, sql: "PRAGMA page_count"))
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 1)")
        }
        let many = (0..<5000).map { index in
            FileObservation.settled(
                FilePath("b/\(index).jpg"), CatalogueFixture.status(UInt64(index + 10)))
        }
        #expect {
            try fixture.catalogue.observe(many, in: fixture.root.id)
        } throws: { error in
            guard case CatalogueError.diskFull(fixture.path) = error else { return false }
            return "\(error)".contains("disk is full")
        }
        #expect((1..<5001).contains(try fixture.catalogue.pending().total))
        try fixture.catalogue.expectInvariants()
    }
}
