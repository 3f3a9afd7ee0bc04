@testable import Catalogue
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite struct OwnerLockTests {
    @Test func isHeldByOneAtATime() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("c.sqlite")
        let first = try OwnerLock(for: path)
        #expect(OwnerLock.holder(for: path) == getpid())
        #expect(throws: CatalogueError.self) { try OwnerLock(for: path) }
        first.release()
        #expect(OwnerLock.holder(for: path) == nil)
        _ = try OwnerLock(for: path)
    }

    @Test func isFreeAgainWhenItsObjectGoes() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("c.sqlite")
        do {
            _ = try OwnerLock(for: path)
        }
        #expect(OwnerLock.holder(for: path) == nil)
    }

    @Test func saysWhichFolderIsNotThere() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path.appending("missing/c.sqlite")
        #expect {
            try OwnerLock(for: path)
        } throws: { error in
            "\(error)".contains(path.string)
        }
    }
}
