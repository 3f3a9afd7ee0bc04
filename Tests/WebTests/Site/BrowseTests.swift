import Foundation
import SystemPackage
import TestSupport
import Testing
import WorkQueue

@testable import Web

/// What the library is entered by beside time.
@Suite struct BrowseTests {
    private let library: PageLibrary

    init() throws {
        library = try PageLibrary()
        try library.addPicture(
            1, takenAt: "2019-05-01T10:00:00", place: (48.861, 2.372), camera: "NIKON Z 6")
        try library.addPicture(2, takenAt: "2021-05-01T10:00:00", place: (48.859, 2.368))
        try library.addPicture(3, place: (-33.9, 151.2))
        try library.add("trips/4.png", PictureFactory.png(4), tags: [.init("harbour")])
    }

    @Test func everythingIsCountedAndLeadsToItsPictures() throws {
        let page = try ServedPage(library)
        let text = try page.get("/browse").text
        for (address, count) in [
            ("/search?q=tag:boat", 3), ("/search?q=tag:harbour", 1), ("/search?q=folder:trips", 1),
            ("/search?q=camera:%22NIKON%20Z%206%22", 1),
            ("/search?q=near:48.8600%2C2.3700%20within:16km", 2),
            ("/search?q=near:-33.9000%2C151.2000%20within:16km", 1),
        ] {
            #expect(text.contains("href=\"\(address)\""), "\(address)")
            let found = try page.get(address).text
            #expect(found.contains("\(count) sure"), "\(address)")
        }
        #expect(text.contains("48.86° N, 2.37° E"))
        #expect(text.contains("33.90° S, 151.20° E"))
        #expect(text.contains("2, 2019–2021"))
    }

    @Test(arguments: ["tags", "places", "folders", "cameras"])
    func allOfAKindAreAPageOfTheirOwn(kind: String) throws {
        let page = try ServedPage(library)
        let response = try page.get("/browse/\(kind)")
        #expect(response.status == 200)
        #expect(response.text.contains("/search?q="))
        for place in ["-5", "1000000", "x"] {
            #expect(try page.get("/browse/\(kind)?from=\(place)").status == 200)
        }
        #expect(try page.get("/browse/\(kind)s").status == 404)
    }
}
