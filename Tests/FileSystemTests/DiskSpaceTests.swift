import SystemPackage
import TestSupport
import Testing

@testable import FileSystem

@Suite struct DiskSpaceTests {
    @Test func isThatOfTheDiskThatAFolderIsOn() throws {
        let folder = try TemporaryDirectory()
        #expect(try DiskSpace.free(at: folder.path) > 0)
        #expect(try DiskSpace.free(at: "/proc") == 0)
    }

    @Test func isUnknownWhereNothingStands() {
        #expect(throws: Errno.noSuchFileOrDirectory) { try DiskSpace.free(at: "/nowhere/at/all") }
    }
}
