import Glibc
import FileSystem
import SystemPackage
import TestSupport
import Testing

@testable import FolderWatching

@Suite struct InotifyTests {
    private func record(
        watch: Int32, mask: UInt32, length: UInt32? = nil, name: [UInt8] = []
    ) -> [UInt8] {
        let padded = name.isEmpty ? [] : name + [UInt8](repeating: 0, count: 16 - name.count % 16)
        let header: [UInt32] = [UInt32(bitPattern: watch), mask, 0, length ?? UInt32(padded.count)]
        return header.withUnsafeBytes(Array.init) + padded
    }

    private func parse(_ bytes: [UInt8]) -> [FileEvent] {
        var events: [FileEvent] = []
        bytes.withUnsafeBytes { Inotify.parse($0, into: &events) }
        return events
    }

    @Test func readsRecordsWithAndWithoutNames() throws {
        let bytes =
            record(watch: 3, mask: UInt32(IN_CLOSE_WRITE), name: Array("a.jpg".utf8))
            + record(watch: 4, mask: UInt32(IN_DELETE_SELF))
            + record(watch: 5, mask: UInt32(IN_CREATE) | UInt32(IN_ISDIR), name: [0xFF])
            + record(watch: -1, mask: UInt32(IN_Q_OVERFLOW))
        let name = try #require(FilePath.Component(bytes: [0xFF]))
        #expect(
            parse(bytes) == [
                FileEvent(watch: 3, flags: .changed, name: FilePath.Component("a.jpg")),
                FileEvent(watch: 4, flags: .selfGone),
                FileEvent(watch: 5, flags: [.changed, .directory], name: name),
                FileEvent(watch: -1, flags: .overflow),
            ])
    }

    @Test func recordsThatClaimTooMuchAreLeftOut() {
        #expect(parse(record(watch: 3, mask: 2, length: 1000)).isEmpty)
        #expect(parse(record(watch: 3, mask: 2, length: .max)).isEmpty)
        #expect(parse(Array(record(watch: 3, mask: 2).dropLast())).isEmpty)
    }

    @Test func emptyQueueIsReadWithoutBlocking() throws {
        var events: [FileEvent] = []
        let hasMore = try Inotify().read(into: &events)
        #expect(!hasMore)
        #expect(events.isEmpty)
    }

    @Test func linksAreFollowedOnlyWhereAskedFor() throws {
        let folder = try TemporaryDirectory()
        let link = folder.path.appending("link")
        #expect(symlink(folder.path.string, link.string) == 0)
        let inotify = try Inotify()
        #expect(throws: Errno.self) { try inotify.addWatch(link, followingLink: false) }
        #expect(throws: Never.self) { try inotify.addWatch(link, followingLink: true) }
    }
}
