@testable import Catalogue
import FileSystem
import Foundation
import SystemPackage
import Testing

@Suite struct ObservationRecorderTests {
    let fixture: CatalogueFixture

    init() throws {
        fixture = try CatalogueFixture()
    }

    @Test func queuesANewFileOnceHoweverOftenItIsSeen() throws {
        #expect(try fixture.observe("a.jpg").queued == 1)
        #expect(try fixture.observe("a.jpg").unchanged == 1)
        #expect(try fixture.catalogue.pending().total == 1)
    }

    @Test func queuesAChangedFileAfreshAndVoidsItsLease() throws {
        try fixture.observe("a.jpg")
        let job = try fixture.lease()
        let outcome = try fixture.observe(
            .settled("a.jpg", CatalogueFixture.status(1, version: 2)))
        #expect(outcome.queued == 1)
        #expect(
            try fixture.catalogue.identified(
                job, as: CatalogueFixture.facts(1), wanting: CatalogueFixture.recipe) == .superseded
        )
        #expect(try fixture.lease().attempt == 1)
    }

    /// The kernel tells of a change under the name alone that was used for it.
    @Test func queuesTheOtherNamesOfAFileThatChanged() throws {
        try fixture.observe(.settled("a.jpg", CatalogueFixture.status(1)))
        try fixture.observe(.settled("b.jpg", CatalogueFixture.status(1)))
        try fixture.observe(.settled("c.jpg", CatalogueFixture.status(2)))
        for _ in 1...3 { try fixture.describeNext(as: 1) }
        #expect(try fixture.catalogue.pending().total == 0)
        let changed = CatalogueFixture.status(1, version: 2)
        #expect(try fixture.observe(.settled("a.jpg", changed)).queued == 2)
        #expect(try fixture.catalogue.pending().total == 2)
        // What is seen under the other name is the same change.
        #expect(try fixture.observe(.settled("b.jpg", changed)).queued == 1)
        #expect(try fixture.catalogue.pending().total == 2)
    }

    /// The change was seen under a name that is gone, and of the content nothing is known.
    @Test func queuesTheNamesThatAreLeftOfAFileThatChanged() throws {
        try fixture.observe(.settled("a.jpg", CatalogueFixture.status(1)))
        try fixture.observe(.settled("b.jpg", CatalogueFixture.status(1)))
        try fixture.observe(.settled("c.jpg", CatalogueFixture.status(2)))
        for _ in 1...3 { try fixture.describeNext(as: 1) }
        try fixture.observe(.absent("a.jpg"))
        #expect(try fixture.observe(.lostName(CatalogueFixture.status(1))).queued == 1)
        #expect(try fixture.lease().relativePath == "b.jpg")
        #expect(try fixture.observe(.lostName(CatalogueFixture.status(3))).queued == 0)
        try fixture.catalogue.expectInvariants()
    }

    @Test func takesANewDeviceNumberForARemount() throws {
        try fixture.observe("a.jpg")
        var status = CatalogueFixture.status(1)
        status.device = 8
        #expect(try fixture.observe(.settled("a.jpg", status)).unchanged == 1)
        #expect(try fixture.show("a.jpg")?.status.device == 8)
    }

    @Test func hidesTheTextOfARewrittenFileUntilItIsIdentified() throws {
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1)
        try fixture.observe(.settled("a.jpg", CatalogueFixture.status(1, version: 2)))
        #expect(try fixture.show("a.jpg")?.asset == nil)
        #expect(try fixture.found("boat").isEmpty)
        try fixture.describeNext(as: 1)
        #expect(try fixture.found("boat") == ["a.jpg"])
    }

    @Test func keepsTheTextWhenOnlyMetadataOfTheFileSystemChanged() throws {
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1)
        try fixture.observe(.settled("a.jpg", CatalogueFixture.status(1, changed: 9)))
        #expect(try fixture.show("a.jpg")?.asset?.caption == "a boat")
        #expect(try fixture.show("a.jpg")?.job.state == .queued)
    }

    @Test func showsTheTextOfARenamedFileWhileItWaitsToBeIdentified() throws {
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1)
        try fixture.observe(.absent("a.jpg"))
        try fixture.observe(.settled("b/c.jpg", CatalogueFixture.status(1, changed: 9)))
        #expect(try fixture.show("b/c.jpg")?.asset?.caption == "a boat")
        #expect(try fixture.show("b/c.jpg")?.job.state == .queued)
        #expect(try fixture.found("boat") == ["b/c.jpg"])
    }

    @Test func findsAllBelowAnAbsentDirectoryAndNothingBesideIt() throws {
        try fixture.observe(
            "a/1.jpg", "a/b/2.jpg", "a.b/3.jpg", "ab/4.jpg", "a0/5.jpg", "A/6.jpg", "7.jpg")
        #expect(try fixture.observe(.absent("a"), at: 5).missing == 2)
        #expect(try fixture.show("a/b/2.jpg")?.missingSince == CatalogueFixture.time(5))
        #expect(try fixture.observe(.absent("a"), at: 6).missing == 0)
        #expect(try fixture.show("a/1.jpg")?.missingSince == CatalogueFixture.time(5))
    }

    @Test func takesAMissingFileBackAsItWas() throws {
        try fixture.observe("a.jpg")
        try fixture.describeNext(as: 1)
        try fixture.observe(.absent("a.jpg"))
        #expect(try fixture.found("boat").isEmpty)
        #expect(try fixture.observe("a.jpg").returned == 1)
        #expect(try fixture.found("boat") == ["a.jpg"])
        #expect(try fixture.catalogue.pending().total == 0)
    }

    @Test func believesAListingOfFilesAndOfDirectories() throws {
        try fixture.observe(
            "d/1.jpg", "d/2.jpg", "d/e/3.jpg", "d/e/f/4.jpg", "d/g/5.jpg", "d.x/6.jpg", "7.jpg")
        let outcome = try fixture.observe(
            .listing(
                listing("d", ["1.jpg": CatalogueFixture.status(1)], subdirectories: ["g", "new"])),
            at: 3)
        #expect(outcome.unchanged == 1)
        #expect(outcome.missing == 3)
        for path in ["d/2.jpg", "d/e/3.jpg", "d/e/f/4.jpg"] {
            #expect(try fixture.show(path)?.missingSince != nil, "\(path)")
        }
        for path in ["d/1.jpg", "d/g/5.jpg", "d.x/6.jpg", "7.jpg"] {
            #expect(try fixture.show(path)?.missingSince == nil, "\(path)")
        }
    }

    @Test func tellsDirectoriesWithACommonBeginningApart() throws {
        let names = ["a", "a.b", "a.b.c", "ab", "a0", "a b", "a%", "a_", "b"]
        for (index, name) in names.enumerated() {
            let path = FilePath("\(name)/deep/\(index).jpg")
            try fixture.observe(.settled(path, CatalogueFixture.status(UInt64(index + 1))))
        }
        for kept in names {
            let listing = listing("", [:], subdirectories: [kept])
            try fixture.observe(.listing(listing), at: 1)
            let present = try names.enumerated().filter { index, name in
                try fixture.show("\(name)/deep/\(index).jpg")?.missingSince == nil
            }
            #expect(present.map(\.element) == [kept])
            for (index, name) in names.enumerated() {
                let path = FilePath("\(name)/deep/\(index).jpg")
                try fixture.observe(.settled(path, CatalogueFixture.status(UInt64(index + 1))))
            }
        }
    }

    @Test func keepsAFileThatStillChanges() throws {
        try fixture.observe("a.jpg")
        var listing = listing("", ["a.jpg": CatalogueFixture.status(1, version: 2)])
        listing.files[0].isSettled = false
        let outcome = try fixture.observe(.listing(listing))
        #expect(outcome == ObservationOutcome())
        #expect(try fixture.show("a.jpg")?.missingSince == nil)
    }

    @Test func takesADirectoryInAFilesPlaceForItsEnd() throws {
        try fixture.observe("a.jpg")
        var status = CatalogueFixture.status(9)
        status.kind = .directory
        #expect(try fixture.observe(.settled("a.jpg", status)).missing == 1)
    }

    @Test func keepsNamesThatAreNoText() throws {
        let name = FilePath(platformString: [0x61, CChar(bitPattern: 0xFF), 0x25, 0x5F, 0])
        try fixture.observe(.settled(name, CatalogueFixture.status(1)))
        #expect(try fixture.lease().relativePath == name)
        #expect(try fixture.catalogue.show(fixture.root.path.pushing(name)) != nil)
        #expect(try fixture.observe(.absent(name)).missing == 1)
    }

    /// What came before it may be stored: long batches are spread over several transactions.
    @Test func refusesAPathThatLeadsOutOfTheRoot() throws {
        let batch: [FileObservation] = [
            .settled("a.jpg", CatalogueFixture.status(1)), .absent("../b"),
        ]
        #expect(throws: CatalogueError.self) {
            try fixture.catalogue.observe(batch, in: fixture.root.id)
        }
        #expect(try fixture.catalogue.pending().total <= 1)
        try fixture.catalogue.expectInvariants()
    }

    @Test func refusesARootThatIsNotThere() {
        #expect(throws: CatalogueError.self) { try fixture.catalogue.observe([], in: 99) }
    }

    private func listing(
        _ directory: FilePath, _ files: KeyValuePairs<String, FileStatus>,
        subdirectories: [String] = []
    ) -> DirectoryListing {
        DirectoryListing(
            directory: directory, volume: Volume(key: "disk", point: ""),
            files: files.compactMap { name, status in
                FilePath.Component(name).map {
                    ListedFile(name: $0, status: status, isSettled: true)
                }
            }, subdirectories: subdirectories.compactMap { FilePath.Component($0) })
    }
}
