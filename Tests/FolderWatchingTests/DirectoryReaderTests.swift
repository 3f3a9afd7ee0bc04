import Glibc
import FileSystem
import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

@Suite struct DirectoryReaderTests {
    @Test func givesEveryNameAsItsBytes() throws {
        let folder = try TemporaryDirectory()
        let names: [[UInt8]] = [[0xFF, 0x80], Array("...".utf8), Array("é".utf8), [0x0A]]
        for name in names {
            let path = folder.path.appending(FilePath(bytes: name).components)
            try FileDescriptor.open(
                path, .writeOnly, options: .create, permissions: .ownerReadWrite
            ).close()
        }
        var reader = try DirectoryReader(folder.path, followingLink: false)
        var found: Set<[UInt8]> = []
        while let entry = try reader.next() { found.insert(Array(entry.name)) }
        #expect(found == Set(names))
    }

    @Test func refusesLinksAndFiles() throws {
        let folder = try TemporaryDirectory()
        let link = folder.path.appending("link")
        #expect(symlink(folder.path.string, link.string) == 0)
        #expect(throws: Errno.self) { _ = try DirectoryReader(link, followingLink: false) }
        #expect(throws: Never.self) { _ = try DirectoryReader(link, followingLink: true) }
        #expect(throws: Errno.noSuchFileOrDirectory) {
            _ = try DirectoryReader(folder.path.appending("none"), followingLink: false)
        }
    }
}
