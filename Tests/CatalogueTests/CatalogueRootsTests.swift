@testable import Catalogue
import Foundation
import SystemPackage
import Testing

@Suite struct CatalogueRootsTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
    }

    @Test func isMadeOnceForEachPath() throws {
        #expect(try fixture.catalogue.root(at: "/photos") == fixture.root)
        #expect(try fixture.catalogue.root(at: "/films") != fixture.root)
        #expect(try fixture.catalogue.roots().map(\.path) == ["/films", "/photos"])
    }

    @Test func remembersMountPointsThatAreNoText() throws {
        let odd = FilePath(platformString: [0x2F, CChar(bitPattern: 0xFE), 0])
        try fixture.catalogue.setOnline(fixture.root.id, mounts: ["/photos", odd])
        #expect(try fixture.catalogue.roots().first?.mounts == ["/photos", odd])
        try fixture.catalogue.setOnline(fixture.root.id, mounts: [])
        #expect(try fixture.catalogue.roots().first?.mounts == [])
    }

    @Test func saysWhyItIsOfflineAndRestsUntilItIsBack() throws {
        try fixture.observe("a.jpg")
        try fixture.catalogue.setOffline(fixture.root.id, reason: "unmounted")
        #expect(try fixture.catalogue.roots().first?.state == .offline(reason: "unmounted"))
        #expect(try fixture.catalogue.lease(owner: "test") == nil)
        #expect(try fixture.catalogue.pendingCount() == 0)
        try fixture.catalogue.setOnline(fixture.root.id, mounts: [])
        #expect(try fixture.catalogue.lease(owner: "test") != nil)
    }

    @Test func staysSearchableWhileItIsOffline() throws {
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1)
        try fixture.catalogue.setOffline(fixture.root.id, reason: "unmounted")
        let hits = try fixture.catalogue.search(SearchQuery("boat"))
        #expect(hits.first?.files.first?.isOnline == false)
    }

    @Test func takesItsFilesAlongWhenForgotten() throws {
        try fixture.observe("a.jpg", "b.jpg")
        try fixture.describeNext(as: 1)
        let job = try fixture.lease()
        _ = try fixture.catalogue.identified(job, as: CatalogueFixture.facts(2))
        try fixture.catalogue.forgetRoot(fixture.root.id, at: CatalogueFixture.time(5))
        #expect(try fixture.catalogue.roots().isEmpty)
        try fixture.catalogue.expectInvariants()
        let outcome = try fixture.catalogue.removeExpired(missingBefore: CatalogueFixture.time(5))
        #expect(outcome.assets == 2)
        try fixture.catalogue.expectInvariants()
    }

    @Test func refusesAPathThatIsNotAbsolute() {
        #expect(throws: CatalogueError.self) { try fixture.catalogue.root(at: "photos") }
    }

    @Test func refusesToChangeARootThatIsNotThere() {
        #expect(throws: CatalogueError.self) {
            try fixture.catalogue.setOnline(99, mounts: [])
        }
    }
}
