@testable import Catalogue
import FileSystem
import Foundation
import SystemPackage
import Testing
import WorkQueue

@Suite struct CatalogueVolumesTests {
    let fixture: CatalogueFixture
    private let disk = CatalogueFixture.disk
    private let card = Volume(key: "card", point: "usb")

    init() throws {
        fixture = try CatalogueFixture()
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [disk, card])
        try fixture.catalogue.lookedThrough(fixture.root.id, at: CatalogueFixture.time(0))
        try fixture.observe(.settled("home.jpg", CatalogueFixture.status(1), disk))
        try fixture.observe(.settled("usb/a.jpg", CatalogueFixture.status(2), card))
        try fixture.describeNext(as: 1)
        try fixture.describeNext(as: 2)
    }

    @Test func anEmptyMountPointForgetsNothingOfTheDiskThatWasThere() throws {
        try unmount()
        #expect(try remove() == RemovalOutcome())
        let details = try #require(try fixture.show("usb/a.jpg"))
        #expect(details.missingSince == nil)
        #expect(details.location.isOnline == false)
        #expect(details.asset?.caption == "a boat")
        #expect(try fixture.show("home.jpg")?.location.isOnline == true)
    }

    @Test func aDiskThatIsMountedAgainIsKnown() throws {
        try unmount()
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [disk, card])
        let outcome = try fixture.observe(.settled("usb/a.jpg", CatalogueFixture.status(2), card))
        #expect(outcome.unchanged == 1)
        #expect(try fixture.catalogue.pending() == PendingWork())
        #expect(try fixture.show("usb/a.jpg")?.location.isOnline == true)
    }

    @Test func anotherDiskAtTheSamePlaceSaysNothingOfTheFirst() throws {
        let other = Volume(key: "other", point: "usb")
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [disk, other])
        try fixture.observe(.listing(listing("usb", other)))
        try fixture.observe(.settled("usb/b.jpg", CatalogueFixture.status(9), other))
        try fixture.catalogue.lookedThrough(fixture.root.id, at: CatalogueFixture.time(2))
        #expect(try remove() == RemovalOutcome())
        #expect(try fixture.show("usb/a.jpg")?.missingSince == nil)
        #expect(try fixture.lease().relativePath == "usb/b.jpg")
    }

    @Test func aDiskWithANewIdentityTakesItsFilesOver() throws {
        let renamed = Volume(key: "card with another key", point: "usb")
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [disk, renamed])
        var status = CatalogueFixture.status(77, changed: 5)
        status.device = 12
        #expect(try fixture.observe(.settled("usb/a.jpg", status, renamed)).returned == 1)
        #expect(try fixture.catalogue.pending() == PendingWork())
        #expect(try fixture.show("usb/a.jpg")?.location.isOnline == true)
        #expect(try fixture.show("usb/a.jpg")?.status.inode == 77)
    }

    @Test func aDifferentFileOfANewDiskIsAFileOfItsOwn() throws {
        let renamed = Volume(key: "card with another key", point: "usb")
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [disk, renamed])
        let status = CatalogueFixture.status(2, version: 2)
        #expect(try fixture.observe(.settled("usb/a.jpg", status, renamed)).queued == 1)
        #expect(try fixture.catalogue.status().roots.map(\.files) == [3])
    }

    @Test func whatAMountHidesRestsAndComesBackWithTheListing() throws {
        try fixture.observe(.settled("album/x.jpg", CatalogueFixture.status(3), disk))
        let cover = Volume(key: "cover", point: "album")
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [disk, card, cover])
        #expect(try fixture.nextJob() == nil, "it is hidden")
        try fixture.observe(.listing(listing("album", cover)))
        try fixture.catalogue.lookedThrough(fixture.root.id, at: CatalogueFixture.time(2))
        #expect(try remove() == RemovalOutcome())
        #expect(try fixture.show("album/x.jpg")?.location.isOnline == false)

        try fixture.catalogue.setOnline(fixture.root.id, volumes: [disk, card])
        var status = CatalogueFixture.status(3)
        status.device = 99
        #expect(try fixture.observe(.settled("album/x.jpg", status, disk)).returned == 1)
        #expect(try fixture.lease().relativePath == "album/x.jpg")
        try fixture.catalogue.expectInvariants()
    }

    @Test func workFindsACopyOnADiskThatIsThere() throws {
        try fixture.observe(.settled("usb/c.jpg", CatalogueFixture.status(4), card))
        let work = try fixture.leaseWork(as: 7)
        try fixture.observe(.settled("copy.jpg", CatalogueFixture.status(5), disk))
        #expect(try fixture.identify(try fixture.lease(), as: 7) == .waiting(assetID: work.asset))
        try fixture.catalogue.release(work)
        try unmount()
        try fixture.catalogue.expectInvariants()
        let next = try #require(try fixture.nextWork())
        #expect(try fixture.catalogue.file(for: next)?.relativePath == "copy.jpg")
    }

    @Test func workWhoseDiskIsGoneRestsUntilItIsBack() throws {
        try fixture.observe(.settled("usb/c.jpg", CatalogueFixture.status(4), card))
        try fixture.catalogue.release(try fixture.leaseWork(as: 7))
        try unmount()
        #expect(try fixture.nextWork() == nil)
        #expect(try fixture.catalogue.pending() == PendingWork())
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [disk, card])
        #expect(try fixture.nextWork() != nil)
        try fixture.catalogue.expectInvariants()
    }

    @Test func aListingLeavesWhatItCouldNotLookAt() throws {
        let file: FilePath.Component = "home.jpg"
        var listing = listing("", disk)
        listing.unknown = [file]
        #expect(try fixture.observe(.listing(listing)).missing == 0)
        #expect(try fixture.show("home.jpg")?.missingSince == nil)
    }

    private func unmount() throws {
        try fixture.catalogue.setOnline(fixture.root.id, volumes: [disk])
        try fixture.observe(.listing(listing("usb", disk)), at: 1)
        try fixture.observe(.absent("usb/a.jpg", disk), at: 1)
        try fixture.catalogue.lookedThrough(fixture.root.id, at: CatalogueFixture.time(2))
    }

    private func remove() throws -> RemovalOutcome {
        try fixture.catalogue.removeAll(missingBy: CatalogueFixture.time(1000))
    }

    private func listing(_ directory: FilePath, _ volume: Volume) -> DirectoryListing {
        DirectoryListing(directory: directory, volume: volume, files: [], subdirectories: [])
    }
}
