@testable import Catalogue
import Foundation
import SystemPackage
import Testing

@Suite struct PathBytesTests {
    @Test func roundTripsEveryByteThatANameMayHold() throws {
        let bytes = (1...255).filter { $0 != 0x2F }.map { CChar(truncatingIfNeeded: $0) }
        let path = FilePath(platformString: [0x61, 0x2F] + bytes + [0])
        let (directory, name) = try PathBytes.split(path)
        #expect(PathBytes.path(directory, name) == path)
    }

    @Test func keepsComposedAndDecomposedNamesApart() throws {
        let composed = try PathBytes.split("\u{E9}.jpg")
        let decomposed = try PathBytes.split("e\u{301}.jpg")
        #expect(composed.name != decomposed.name)
    }

    @Test(arguments: ["", "a", "a/b"])
    func putsWhatLiesBelowADirectoryIntoOneRange(_ directory: String) throws {
        let start = try PathBytes.directory(FilePath(directory))
        let end = PathBytes.end(of: start)
        let names = ["a", "a.b", "ab", "a/b", "a/b/c", "a/b.c", "a0", "b", "a/%", "a/_", "A"]
        for name in names {
            let stored = try PathBytes.directory(FilePath(name))
            let isBelow =
                directory.isEmpty || name == directory || name.hasPrefix(directory + "/")
            let isInRange =
                !stored.lexicographicallyPrecedes(start)
                && stored.lexicographicallyPrecedes(end)
            #expect(isInRange == isBelow, "\(name) below \(directory)")
        }
    }

    @Test(arguments: ["/etc/passwd", "../a.jpg", "a/../../b.jpg", "./a.jpg", "a/."])
    func refusesPathsThatLeaveTheRoot(_ path: FilePath) {
        #expect(throws: CatalogueError.self) { try PathBytes.directory(path) }
        #expect(throws: CatalogueError.self) { try PathBytes.split(path) }
    }

    @Test func refusesTheRootWhereAFileIsAskedFor() {
        #expect(throws: CatalogueError.self) { try PathBytes.split("") }
    }
}
