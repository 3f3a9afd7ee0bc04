@testable import Catalogue
import Foundation
import GRDB
import SystemPackage
import Testing
import WorkQueue

@Suite struct CatalogueStatusTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
    }

    @Test func isAllZeroInTheBeginning() throws {
        let status = try fixture.catalogue.status()
        #expect(
            status.roots == [
                RootStatus(
                    root: fixture.root, files: 0, described: 0, queued: 0, failed: 0, missing: 0)
            ])
        #expect(status.models.isEmpty)
        #expect(status.assets == 0)
        #expect(status.size > 0)
        #expect(status.schemaVersion == Schema.migrator().migrations.count)
    }

    @Test func countsFilesByWhereTheyStand() throws {
        try fixture.observe("a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg")
        try fixture.describeNext(as: 1)
        try fixture.describeNext(as: 1)
        let job = try fixture.lease()
        try fixture.catalogue.fail(job, reason: "no picture", retryAfter: nil)
        try fixture.observe(.absent("d.jpg"))
        let status = try fixture.catalogue.status()
        #expect(
            status.roots == [
                RootStatus(
                    root: fixture.root, files: 5, described: 2, queued: 1, failed: 1, missing: 1)
            ])
        #expect(status.models == [ModelStatus(model: "tiny", version: "1", assets: 1)])
        #expect(status.assets == 1)
    }

    @Test func listsFailuresTheLatestFirst() throws {
        try fixture.observe("a.jpg", "b.jpg")
        for time in [1.0, 2] {
            let job = try fixture.lease()
            try fixture.catalogue.fail(
                job, reason: "reason \(time)", retryAfter: nil, at: CatalogueFixture.time(time))
        }
        let failures = try fixture.catalogue.failures()
        #expect(failures.map(\.path) == ["/photos/b.jpg", "/photos/a.jpg"])
        #expect(failures.map(\.reason) == ["reason 2.0", "reason 1.0"])
        #expect(failures.first?.at == CatalogueFixture.time(2))
        #expect(try fixture.catalogue.failures(limit: 1).count == 1)
    }

    @Test func countsTagsOfFilesThatAreThere() throws {
        try fixture.observe("a.jpg", "b.jpg", "c.jpg")
        try fixture.describeNext(as: 1, tags: ["sea", "boat"])
        try fixture.describeNext(as: 2, tags: ["sea", "50%_off"])
        try fixture.describeNext(as: 3, tags: ["gone"])
        try fixture.observe(.absent("c.jpg"))
        let tags = try fixture.catalogue.tags()
        #expect(tags.map(\.name) == ["sea", "50%_off", "boat"])
        #expect(tags.map(\.count) == [2, 1, 1])
        #expect(try fixture.catalogue.tags(matching: "%_").map(\.name) == ["50%_off"])
        #expect(try fixture.catalogue.tags(limit: 1).map(\.name) == ["sea"])
    }
}
