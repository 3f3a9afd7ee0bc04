import FileSystem
import SystemPackage
import TestSupport
import Testing

@Suite struct ProcessMountsTests {
    /// In a changed root the kernel lists only what is mounted below it.
    @Test func knowsTheFileSystemOfARootThatTheTableLeavesOut() throws {
        let directory = try TemporaryDirectory()
        let table = directory.path.appending("mountinfo")
        try Array("42 27 0:21 / /nowhere rw - proc proc rw\n".utf8).withUnsafeBytes { bytes in
            let file = try FileDescriptor.open(
                table, .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.closeAfter { _ = try file.writeAll(bytes) }
        }
        let mounts = ProcessMounts(table: table)
        let root = try OpenDirectory(at: "/")
        let anchor = Anchor(path: FilePath(), location: "/")
        let found = try mounts.volume(of: root.descriptor, from: anchor)
        #expect(found.volume.point == FilePath())
        #expect(!found.volume.key.isEmpty)
        #expect(try mounts.volume(of: root.descriptor, from: anchor) == found)
    }
}
