@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import Testing

@Suite struct CataloguePassedOverTests {
    private let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
    }

    @Test func theLastLookCounts() throws {
        #expect(try fixture.catalogue.passedOver().map(\.lastPass) == [nil])
        var counts = PassedOver()
        for _ in 0..<9 { counts.count(.brokenLink) }
        let root = fixture.root.id
        try fixture.catalogue.setPassedOver(counts, in: root, at: CatalogueFixture.time(1))
        for suffix in ["txt", "txt", ""] { counts.count(fileExtension: suffix) }
        for reason in PassedOver.Reason.allCases { counts.count(reason) }
        try fixture.catalogue.setPassedOver(counts, in: root, at: CatalogueFixture.time(2))
        let kept = try #require(try fixture.catalogue.passedOver().first)
        #expect(kept.root.path == fixture.root.path)
        #expect(kept.lastPass?.passedOver == counts)
        #expect(kept.lastPass?.at == CatalogueFixture.time(2))
    }

    @Test func whatALaterVersionWroteIsNotGuessedAt() throws {
        try fixture.catalogue.write {
            try $0.execute(sql: "UPDATE root SET passed_over = '[1]', passed_over_at = 1")
        }
        #expect(try fixture.catalogue.passedOver().map(\.lastPass) == [nil])
    }
}
