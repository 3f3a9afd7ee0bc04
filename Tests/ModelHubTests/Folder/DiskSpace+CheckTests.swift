import FileSystem
import SystemPackage
import Testing

@testable import ModelHub

@Suite struct DiskSpaceTests {
    @Test func moreThanIsFreeIsRefused() {
        let error = #expect(throws: HubError.self) { try DiskSpace.check(room: .max, at: "/") }
        #expect(error?.description.contains("has room for") == true)
        #expect(throws: HubError.self) { try DiskSpace.check(room: .max - 1, at: "/") }
    }

    @Test func nothingAlwaysFits() throws {
        try DiskSpace.check(room: 0, at: "/proc")
    }
}
