import TestSupport
import Testing

@testable import Checkpoint

@Suite struct ZipArchiveTests {
    private static let honest = ZipImage([
        ZipImage.Entry("a", [1, 2, 3]), ZipImage.Entry("folder/é", []), ZipImage.Entry("b", [4]),
    ])

    private func contents(_ image: ZipImage) throws -> [String: [UInt8]] {
        let bytes = image.bytes
        return try bytes.withUnsafeBytes { bytes in
            try ZipArchive(of: bytes).entries.mapValues { Array(bytes[$0]) }
        }
    }

    @Test func findsWhereEachEntryIs() throws {
        #expect(try contents(Self.honest) == ["a": [1, 2, 3], "folder/é": [], "b": [4]])
    }

    @Test func findsThemByTheirWideFieldsToo() throws {
        var image = Self.honest
        image.isWide = true
        for index in image.entries.indices { image.entries[index].isWide = true }
        #expect(try contents(image) == contents(Self.honest))
    }

    @Test func readsPastAComment() throws {
        var image = Self.honest
        image.comment = Array("by hand PK\u{5}\u{6}".utf8)
        #expect(try contents(image).count == 3)
    }

    @Test func readsAnEmptyArchive() throws {
        #expect(try contents(ZipImage([])).isEmpty)
    }

    /// What is wrong, and a word of the answer.
    static let lies: [(change: @Sendable (inout ZipImage) -> Void, answer: String)] = [
        ({ $0.entries[0].method = 8 }, "'a' is compressed (method 8"),
        (
            {
                $0.entries[0].method = 8
                $0.entries[0].size = 1 << 30
                $0.entries[0].packedSize = 3
            }, "3 bytes for 1073741824"
        ),
        ({ $0.entries[0].packedSize = 2 }, "has 2 bytes that claim to be 3"),
        ({ $0.entries[0].flags = 1 }, "encrypted"),
        ({ $0.entries[0].size = 1 << 31 }, "reaches into the directory"),
        (
            {
                $0.entries[0].isWide = true
                $0.entries[0].size = 1 << 63
            }, "9223372036854775808, beyond anything"
        ),
        (
            {
                $0.entries[0].isWide = true
                $0.entries[0].size = UInt64(Int.max)
            }, "reaches into the directory"
        ),
        ({ $0.entries[0].size = 0xFFFF_FFFF }, "64-bit field of 'a' ends"),
        ({ $0.entries[1].offset = 1 << 31 }, "behind the directory"),
        ({ $0.entries[1].offset = 1 }, "no local header of 'folder/é'"),
        ({ $0.entries[1].localName = "folder/e" }, "has another name"),
        ({ $0.entries[2] = $0.entries[0] }, "'a' stands twice"),
        ({ $0.entries[0].size = 60 }, "share the bytes"),
        ({ $0.entries[0].name = String(repeating: "n", count: 2000) }, "a name of 2000 bytes"),
        ({ $0.count = 2 }, "more than its 2 entries"),
        ({ $0.count = 4 }, "ends at byte"),
        ({ $0.disk = 1 }, "several volumes"),
        ({ $0.directoryOffset = 0 }, "does not end where"),
        ({ $0.directorySize = 1 << 25 }, "the zip's directory has 33554432 bytes"),
        (
            {
                $0.isWide = true
                $0.count = 1 << 62
            }, "4611686018427387904 entries"
        ),
        (
            {
                $0.isWide = true
                $0.directoryOffset = .max
            }, "beyond anything"
        ),
    ]

    @Test(arguments: lies.indices) func refusesALie(_ index: Int) throws {
        var image = Self.honest
        Self.lies[index].change(&image)
        let flaw = try #require(throws: ArchiveFlaw.self) { try contents(image) }
        #expect(flaw.description.contains(Self.lies[index].answer), "\(flaw)")
    }

    @Test func refusesEveryFileThatWasCutShort() throws {
        var image = Self.honest
        image.isWide = true
        let bytes = image.bytes
        for count in 0..<bytes.count {
            let part = Array(bytes.prefix(count))
            #expect(throws: ArchiveFlaw.self) {
                try part.withUnsafeBytes { _ = try ZipArchive(of: $0) }
            }
        }
    }

    @Test func givesPagesBackWhileItReads() throws {
        let image = ZipImage((0..<2000).map { ZipImage.Entry("\($0)", []) })
        var releases = 0
        try image.bytes.withUnsafeBytes { _ = try ZipArchive(of: $0) { releases += 1 } }
        #expect(releases == 3)
    }
}
