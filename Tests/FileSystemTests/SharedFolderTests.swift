import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import FileSystem

@Suite struct SharedFolderTests {
    private static func mode(ofFileIn folderMode: mode_t) throws -> mode_t {
        let directory = try TemporaryDirectory()
        let folder = directory.path.appending("folder")
        #expect(mkdir(folder.string, 0o700) == 0 && chmod(folder.string, folderMode) == 0)
        let file = folder.appending("file")
        let descriptor = open(file.string, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        SharedFolder.share(descriptor, at: file)
        var status = stat()
        #expect(fstat(descriptor, &status) == 0)
        let shared = status.st_mode & 0o7777
        #expect(chmod(file.string, 0o600) == 0)
        SharedFolder.share(at: file)
        #expect(stat(file.string, &status) == 0)
        #expect(status.st_mode & 0o7777 == shared, "by name as when it is open")
        return shared
    }

    @Test func folderOfAGroupSharesItsFiles() throws {
        #expect(try Self.mode(ofFileIn: 0o2770) == 0o660)
    }

    @Test(arguments: [0o700, 0o755, 0o775, 0o1777, 0o2777, 0o2755] as [mode_t])
    func otherFoldersDoNot(mode: mode_t) throws {
        #expect(try Self.mode(ofFileIn: mode) == 0o600)
    }

    @Test func linkIsLeftAlone() throws {
        let directory = try TemporaryDirectory()
        #expect(chmod(directory.path.string, 0o2770) == 0)
        let target = directory.path.appending("elsewhere/file")
        #expect(mkdir(target.removingLastComponent().string, 0o700) == 0)
        close(open(target.string, O_CREAT | O_RDWR | O_CLOEXEC, 0o600))
        let link = directory.path.appending("link")
        #expect(symlink(target.string, link.string) == 0)
        SharedFolder.share(at: link)
        var status = stat()
        #expect(stat(target.string, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
}
