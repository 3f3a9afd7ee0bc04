@testable import Catalogue
import Foundation
import SystemPackage
import Testing

@Suite struct CatalogueRetryTests {
    let fixture: CatalogueFixture

    /// Four files, all failed.
    init() throws {
        fixture = try CatalogueFixture()
        try fixture.observe("a/1.jpg", "a/b/2.jpg", "a.b/3.jpg", "4.jpg")
        for _ in 0..<4 {
            let job = try fixture.lease()
            try fixture.catalogue.fail(job, reason: "no picture", retryAfter: nil)
        }
    }

    @Test(
        arguments: [
            (.all, 4), (.paths(["/photos/4.jpg", "/photos/a", "/elsewhere/4.jpg", "/photos"]), 1),
            (.under("/photos/a"), 2), (.under("/photos"), 4), (.under("/"), 4),
            (.under("/photos/4.jpg"), 0), (.under("/phot"), 0), (.paths([]), 0),
        ] as [(RetrySelection, Int)])
    func revivesWhatIsSelected(_ selection: RetrySelection, _ count: Int) throws {
        #expect(try fixture.catalogue.retry(selection) == count)
        #expect(try fixture.catalogue.pending().total == count)
        #expect(try fixture.catalogue.failures().count == 4 - count)
    }

    @Test func startsCountingAnew() throws {
        _ = try fixture.catalogue.retry(.paths(["/photos/4.jpg"]))
        let job = try fixture.lease()
        #expect(job.relativePath == "4.jpg")
        #expect(job.attempt == 1)
        #expect(try fixture.show("4.jpg")?.job.lastError == nil)
    }

    @Test func revivesOnlyWhatHasFailed() throws {
        #expect(try fixture.catalogue.retry(.all) == 4)
        #expect(try fixture.catalogue.retry(.all) == 0)
    }

    @Test func worksFromAVisitorWhileTheOwnerIsAtWork() throws {
        let before = try fixture.catalogue.dataVersion()
        let visitor = try Catalogue(at: fixture.path, access: .visitor)
        #expect(try visitor.retry(.all) == 4)
        #expect(try fixture.catalogue.dataVersion() != before)
        #expect(try fixture.catalogue.pending().total == 4)
    }
}
