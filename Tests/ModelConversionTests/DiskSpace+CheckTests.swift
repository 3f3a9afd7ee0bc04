import FileSystem
import TestSupport
import Testing

@testable import ModelConversion

@Suite struct DiskSpaceTests {
    @Test func saysBothNumbersWhereThereIsNoRoom() throws {
        let folder = try TemporaryDirectory()
        try DiskSpace.check(0, at: folder.path)
        let error = try #require(throws: ConversionError.self) {
            try DiskSpace.check(1 << 60, at: folder.path)
        }
        #expect(error.reason.contains("1099511627776 MiB are needed"))
    }
}
