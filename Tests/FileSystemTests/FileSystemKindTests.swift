import SystemPackage
import Testing

@testable import FileSystem

@Suite struct FileSystemKindTests {
    @Test(
        arguments: [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546, 0x0102_1997] as [UInt32])
    func networkAndUserSpaceFileSystemsArePolled(magic: UInt32) {
        #expect(!FileSystemKind(magic: magic).reportsChanges)
        #expect(!FileSystemKind(magic: magic).usesOurClock)
    }

    @Test(arguments: [0xEF53, 0x9123_683E, 0x5846_5342, 0x0102_1994] as [UInt32])
    func localOnesAreWatched(magic: UInt32) {
        #expect(FileSystemKind(magic: magic) == .local)
    }

    @Test func fatIsWatchedButItsTimesAreNotTrusted() {
        let kind = FileSystemKind(magic: 0x4D44)
        #expect(kind.reportsChanges)
        #expect(!kind.usesOurClock)
    }

    @Test func theRootCanBeAsked() throws {
        #expect(throws: Never.self) { try FileSystemKind(at: "/") }
    }
}
