import MediaDecoding
import SystemPackage
import Testing

@testable import Catalogue

/// Where pictures were taken, by cells.
@Suite struct PlacesTests {
    private func catalogue(_ places: [(Double, Double)?], hidden: Int? = nil) throws
        -> CatalogueFixture
    {
        let fixture = try CatalogueFixture()
        for (number, place) in places.enumerated() {
            let name = FilePath("\(number).jpg")
            try fixture.observe(
                .settled(
                    name, CatalogueFixture.status(UInt64(number + 1)), CatalogueFixture.disk))
            try fixture.describeNext(
                as: UInt8(number),
                capture: CaptureFacts(
                    takenAt: "20\(10 + number)-05-01T00:00:00", latitude: place?.0,
                    longitude: place?.1))
        }
        if let hidden {
            try fixture.observe(.absent(FilePath("\(hidden).jpg"), CatalogueFixture.disk))
        }
        return fixture
    }

    @Test func picturesNearEachOtherAreOneCell() throws {
        let places = [(48.861, 2.372), (48.859, 2.368), (-33.9, 151.2), nil]
        let cells = try catalogue(places).catalogue.cells(limit: 10)
        #expect(cells.map(\.assets) == [2, 1])
        #expect(abs(cells[0].latitude - 48.86) < 1e-9 && abs(cells[0].longitude - 2.37) < 1e-9)
        #expect(cells[0].newest == 2)
        #expect(cells[0].taken == "2010-05-01T00:00:00"..."2011-05-01T00:00:00")
        #expect(try catalogue(places).catalogue.cells(limit: 1).count == 1)
    }

    @Test func foldersAreNamedBelowTheirRoots() throws {
        let fixture = try CatalogueFixture()
        for (number, name)
            in (["a.jpg", "trips/b.jpg", "trips/c.jpg", "trips/2019/d.jpg"] as [FilePath])
            .enumerated()
        {
            try fixture.observe(
                .settled(name, CatalogueFixture.status(UInt64(number + 1)), CatalogueFixture.disk))
        }
        let folders = try fixture.catalogue.folders(limit: 10)
        #expect(
            folders == [
                PlaceCount(name: "trips", assets: 2), PlaceCount(name: "trips/2019", assets: 1),
            ])
    }

    @Test func whatIsMissingIsNotCounted() throws {
        let cells = try catalogue([(1, 1), (1, 1), (1, 1)], hidden: 1).catalogue.cells(limit: 10)
        #expect(cells.map(\.assets) == [2])
    }
}
