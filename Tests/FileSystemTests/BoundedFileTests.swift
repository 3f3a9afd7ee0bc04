import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import FileSystem

@Suite struct BoundedFileTests {
    private let folder: TemporaryDirectory
    private let path: FilePath

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.path.appending("file")
    }

    @Test(arguments: [0, 1, 16_383, 16_384, 3_000_000]) func readsTheWholeFile(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try write(bytes)
        #expect(try BoundedFile.contents(at: path, limit: size) == bytes)
    }

    @Test(arguments: [1, 16_384, 3_000_000]) func refusesWhatIsLarger(size: Int) throws {
        try write([UInt8](repeating: 1, count: size))
        #expect(throws: BoundedFile.Problem.tooLarge(limit: size - 1)) {
            try BoundedFile.contents(at: path, limit: size - 1)
        }
    }

    /// A file of the kernel's says that it is empty, and an endless one must not fill the memory.
    @Test func readsWhatIsLongerThanItSays() throws {
        #expect(try !BoundedFile.contents(at: "/proc/self/mountinfo", limit: 1 << 20).isEmpty)
        #expect(throws: BoundedFile.Problem.noRegularFile) {
            try BoundedFile.contents(at: "/dev/zero", limit: 100)
        }
    }

    @Test func doesNotWaitForAPipe() throws {
        try #require(path.withPlatformString { mkfifo($0, 0o600) } == 0)
        #expect(throws: BoundedFile.Problem.noRegularFile) {
            try BoundedFile.contents(at: path, limit: 100)
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(bytes) }
    }
}
