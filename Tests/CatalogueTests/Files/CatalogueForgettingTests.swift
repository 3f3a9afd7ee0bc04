@testable import Catalogue
import FileSystem
import Foundation
import GRDB
import SystemPackage
import Testing

@Suite struct CatalogueForgettingTests {
    let fixture: CatalogueFixture

    /// Two described files, of which one is on a disk that is gone.
    init() throws {
        fixture = try CatalogueFixture()
        let card = Volume(key: "card", point: "usb")
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [CatalogueFixture.disk, card])
        try fixture.observe(.settled("usb/a.jpg", CatalogueFixture.status(1), card))
        try fixture.observe(.settled("here.jpg", CatalogueFixture.status(2)))
        try fixture.describeNext(as: 1)
        try fixture.describeNext(as: 2)
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [CatalogueFixture.disk])
    }

    @Test(arguments: ["/photos/usb", "/photos/usb/a.jpg", "/photos", "/"] as [FilePath])
    func forgetsWhatCannotBeReachedAndNothingElse(under path: FilePath) throws {
        let expected = try fixture.catalogue.forgetting(under: path)
        #expect(expected.files == 1)
        #expect(expected.assets == 1)
        #expect(try fixture.catalogue.forget(under: path) == expected)
        #expect(try fixture.show("usb/a.jpg") == nil)
        #expect(try fixture.show("here.jpg")?.asset?.caption == "a boat")
        #expect(try fixture.catalogue.forgetting(under: path).files == 0)
        try fixture.catalogue.expectInvariants()
    }

    @Test(arguments: ["/photos/here.jpg", "/photos/us", "/elsewhere"] as [FilePath])
    func forgetsNothingElsewhere(under path: FilePath) throws {
        #expect(try fixture.catalogue.forget(under: path).files == 0)
        #expect(try fixture.show("usb/a.jpg") != nil)
    }

    @Test func keepsWhatAPersonWrote() throws {
        try fixture.catalogue.write {
            try $0.execute(
                sql: """
                    INSERT INTO description (asset_id, source, prompt, text)
                    SELECT asset_id, 'human', 'caption', 'Our boat' FROM file WHERE name = ?
                    """, arguments: [Data("a.jpg".utf8)])
        }
        let outcome = try fixture.catalogue.forget(under: "/photos")
        #expect(outcome.files == 1)
        #expect(outcome.assets == 0)
        #expect(try fixture.catalogue.status().assets == 2)
    }

    @Test func forgetsARootThatIsNoLongerWatched() throws {
        let other = try fixture.catalogue.root(at: "/films")
        try fixture.catalogue.watchOnly([other.id])
        #expect(try fixture.catalogue.forget(under: "/photos").files == 2)
        #expect(try fixture.catalogue.roots().map(\.path) == ["/films"])
        try fixture.catalogue.expectInvariants()
    }
}
