@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

/// What a killed owner leaves behind: the file and its log, as the kernel had them at that moment.
@Suite struct CatalogueCrashTests {
    @Test func findsAllThatWasCommittedInACopyOfFileAndLog() throws {
        let fixture = try CatalogueFixture()
        var random = SplitMix(seed: 11)
        var shown: [String] = []
        for index in 0..<120 {
            let name = "\(index).jpg"
            try fixture.observe(.settled(FilePath(name), CatalogueFixture.status(UInt64(index))))
            try fixture.describeNext(as: UInt8(index))
            shown.append(name)
            if random.oneIn(5) { try fixture.catalogue.checkpoint() }
            guard random.oneIn(6) else { continue }
            let copy = try CatalogueCopy(of: fixture.path)
            let owner = try Catalogue(at: copy.path, access: .owner)
            try owner.checkIntegrity()
            for name in shown {
                #expect(try owner.show(FilePath("/photos/\(name)"))?.asset?.caption == "a boat")
            }
        }
    }

    @Test func opensAtAnEarlierStateWhenTheLogEndsAnywhere() throws {
        let fixture = try CatalogueFixture()
        // Without a checkpoint the log holds all changes in order, and its beginnings are the
        // states of the disk that a kill in the middle of a write can leave.
        try fixture.catalogue.queue.writeWithoutTransaction { database in
            try database.checkpoint(.truncate)
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        }
        for index in 0..<30 {
            let name = FilePath("\(index).jpg")
            try fixture.observe(.settled(name, CatalogueFixture.status(UInt64(index))))
            _ = try fixture.lease()
            try fixture.observe(.settled(FilePath("x\(index).jpg"), CatalogueFixture.status(1000)))
            try fixture.describeNext(as: UInt8(index))
        }
        var random = SplitMix(seed: 12)
        for _ in 0..<40 {
            let copy = try CatalogueCopy(of: fixture.path)
            let length = try FileStatus(at: copy.log).size
            let end = Int64.random(in: 0...length, using: &random)
            #expect(truncate(copy.log.string, Int(end)) == 0)
            let owner = try Catalogue(at: copy.path, access: .owner)
            try owner.checkIntegrity()
            try owner.expectInvariants()
            let leased = try owner.read { database in
                try Int.fetchOne(database, sql: "SELECT count(*) FROM job WHERE state = 'leased'")
            }
            #expect(leased == 0)
        }
    }
}
