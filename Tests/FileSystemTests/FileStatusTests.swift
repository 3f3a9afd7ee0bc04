import FileSystem
import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite struct FileStatusTests {
    private let folder: TemporaryDirectory
    private let file: FilePath

    init() throws {
        folder = try TemporaryDirectory()
        file = folder.path.appending("a.jpg")
        let descriptor = try FileDescriptor.open(
            file, .writeOnly, options: .create, permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll("12345".utf8) }
    }

    @Test func tellsSizeAndKind() throws {
        let status = try FileStatus(at: file)
        #expect(status.size == 5)
        #expect(status.kind == .file)
        #expect(try FileStatus(at: folder.path).kind == .directory)
    }

    @Test func linksAreDescribedAndFollowedOnlyOnDemand() throws {
        let link = folder.path.appending("link")
        #expect(symlink("a.jpg", link.string) == 0)
        #expect(try FileStatus(at: link).kind == .symbolicLink)
        #expect(try FileStatus(at: link, followingLinks: true) == FileStatus(at: file))
    }

    @Test func descriptorsAndNamesInDirectoriesGiveTheSame() throws {
        let expected = try FileStatus(at: file)
        let open = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
        defer { try? open.close() }
        #expect(try FileStatus(of: open) == expected)
        let directory = try FileDescriptor.open(
            folder.path, .readOnly, options: .closeOnExec)
        defer { try? directory.close() }
        #expect(try FileStatus(of: "a.jpg", in: directory) == expected)
    }

    @Test func hardLinksShareTheirIdentity() throws {
        let other = folder.path.appending("b.jpg")
        #expect(link(file.string, other.string) == 0)
        #expect(try FileStatus(at: other).identity == FileStatus(at: file).identity)
        #expect(try FileStatus(at: folder.path).identity != FileStatus(at: file).identity)
    }

    @Test func timesAreNanosecondsSince1970() throws {
        var times = [timespec(tv_sec: 0, tv_nsec: 0), timespec(tv_sec: 1_000_000, tv_nsec: 7)]
        #expect(utimensat(AT_FDCWD, file.string, &times, 0) == 0)
        #expect(try FileStatus(at: file).modified == 1_000_000_000_000_007)
    }

    @Test func timesBeforeTheEpochAreNegative() throws {
        var times = [timespec(tv_sec: 0, tv_nsec: 0), timespec(tv_sec: -10, tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, file.string, &times, 0) == 0)
        #expect(try FileStatus(at: file).modified == -10_000_000_000)
    }

    @Test func nothingThereIsAnErrorThatSaysSo() {
        #expect(throws: Errno.noSuchFileOrDirectory) {
            try FileStatus(at: folder.path.appending("none"))
        }
        #expect(throws: Errno.notDirectory) {
            try FileStatus(at: file.appending("below"))
        }
    }
}
