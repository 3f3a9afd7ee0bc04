@testable import Catalogue
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite struct CatalogueLocationTests {
    @Test func makesTheFolderAndTheFileForTheirOwnerOnly() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("share/vignette/catalogue.sqlite")
        try CatalogueLocation(path).create()
        #expect(try permissions(path) == 0o600)
        #expect(try permissions(path.removingLastComponent()) == 0o700)
    }

    @Test func leavesAnExistingFileAsItIs() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("catalogue.sqlite")
        try Data([1, 2, 3]).write(to: URL(filePath: path.string))
        try CatalogueLocation(path).create()
        #expect(try Data(contentsOf: URL(filePath: path.string)) == Data([1, 2, 3]))
    }

    @Test func refusesAPathThatSQLiteCannotOpen() throws {
        let path = FilePath(platformString: [0x2F, CChar(bitPattern: 0xFF), 0])
        #expect(throws: CatalogueError.self) { try CatalogueLocation(path) }
        #expect(throws: CatalogueError.self) { try CatalogueLocation("") }
    }

    @Test func takesAnEmptyFileForNoCatalogue() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("catalogue.sqlite")
        try Data().write(to: URL(filePath: path.string))
        #expect {
            try CatalogueLocation(path).checkPresence()
        } throws: { error in
            guard case CatalogueError.missing = error else { return false }
            return true
        }
    }

    private func permissions(_ path: FilePath) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path.string)
        return try #require(attributes[.posixPermissions] as? Int)
    }
}
