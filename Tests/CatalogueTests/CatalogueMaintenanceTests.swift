@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import SystemPackage
import Testing

@Suite struct CatalogueMaintenanceTests {
    @Test func findsNothingWrongWithASoundCatalogue() throws {
        let fixture = try CatalogueFixture()
        try fixture.observe("a.jpg", "b.jpg")
        try fixture.describeNext(as: 1)
        try fixture.catalogue.checkIntegrity()
    }

    @Test func noticesARowThatRefersToNothing() throws {
        let fixture = try CatalogueFixture()
        try fixture.catalogue.queue.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    PRAGMA foreign_keys = OFF;
                    INSERT INTO job (file_id, volume_id, changed, updated_at) VALUES (9, 9, 0, 0);
                    PRAGMA foreign_keys = ON;
                    """)
        }
        #expect {
            try fixture.catalogue.checkIntegrity()
        } throws: { error in
            guard case CatalogueError.damaged = error else { return false }
            return "\(error)".contains("job refers to a row that is gone")
        }
    }

    /// Overwrites random stretches of the file; damage is told as damage, whenever it shows.
    @Test func tellsDamageFromOtherErrors() throws {
        let fixture = try CatalogueFixture()
        let paths = (0..<200).map { FilePath("some/folder/picture \($0).jpg") }
        _ = try fixture.catalogue.observe(
            paths.enumerated().map {
                .settled($1, CatalogueFixture.status(UInt64($0)))
            }, in: fixture.root.id)
        fixture.catalogue.close()
        let file = URL(filePath: fixture.path.string)
        let sound = try Data(contentsOf: file)
        var random = SplitMix(seed: 3)
        var found = 0
        for _ in 0..<60 {
            var damaged = sound
            let start = Int.random(in: 0..<sound.count - 600, using: &random)
            for index in start..<start + 600 {
                damaged[index] = UInt8.random(in: 0...255, using: &random)
            }
            try damaged.write(to: file)
            switch verdict(on: fixture.path) {
            // The names by which versions are told may be what is damaged.
            case nil, .foreign, .newerSchema, .olderSchema: break
            case .damaged: found += 1
            case .some(let other): Issue.record("\(other)")
            }
        }
        // Most of so small a file is space that no page uses yet.
        #expect(found > 10)
    }

    /// What opening and reading all of a catalogue comes to.
    private func verdict(on path: FilePath) -> CatalogueError? {
        do {
            let reader = try Catalogue(at: path, access: .reader)
            _ = try reader.status()
            try reader.checkIntegrity()
            return nil
        } catch {
            return error
        }
    }

    @Test func copiesTheLogBackForTheOwnerOnly() throws {
        let fixture = try CatalogueFixture()
        try fixture.observe("a.jpg")
        try fixture.catalogue.checkpoint()
        let visitor = try Catalogue(at: fixture.path, access: .visitor)
        #expect(throws: CatalogueError.self) { try visitor.checkpoint() }
        fixture.catalogue.releaseMemory()
        #expect(try fixture.catalogue.pending().total == 1)
    }
}
