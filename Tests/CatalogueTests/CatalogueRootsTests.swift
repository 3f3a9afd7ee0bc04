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

    @Test func onlyTheRootsOfThisRunAreWorkedOn() throws {
        let other = try fixture.catalogue.root(at: "/films")
        try fixture.observe("a.jpg")
        try fixture.catalogue.watchOnly([other.id])
        #expect(try fixture.catalogue.roots().map(\.isWatched) == [true, false])
        #expect(try fixture.nextJob() == nil)
        #expect(try fixture.catalogue.pending() == PendingWork())
        try fixture.catalogue.watchOnly([fixture.root.id])
        #expect(try fixture.nextJob() != nil)
    }

    @Test func saysWhyItIsOfflineAndRestsUntilItIsBack() throws {
        try fixture.observe("a.jpg")
        try fixture.catalogue.setOffline(fixture.root.id, reason: "unmounted")
        #expect(try fixture.catalogue.roots().first?.state == .offline(reason: "unmounted"))
        #expect(try fixture.catalogue.leaseNext() == nil)
        #expect(try fixture.catalogue.pending().total == 0)
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [CatalogueFixture.disk])
        #expect(try fixture.catalogue.leaseNext() != nil)
    }

    @Test func staysSearchableWhileItIsOffline() throws {
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1)
        try fixture.catalogue.setOffline(fixture.root.id, reason: "unmounted")
        let hits = try fixture.catalogue.search(SearchQuery("boat"))
        #expect(hits.first?.files.first?.isOnline == false)
    }

    @Test func refusesAPathThatIsNotAbsolute() {
        #expect(throws: CatalogueError.self) { try fixture.catalogue.root(at: "photos") }
    }

    @Test func refusesToChangeARootThatIsNotThere() {
        #expect(throws: CatalogueError.self) {
            try fixture.catalogue.setOnline(99, volumes: [CatalogueFixture.disk])
        }
    }
}
