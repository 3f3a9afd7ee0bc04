import TestSupport
import Testing

@testable import Checkpoint

@Suite struct TorchContentsTests {
    private func flaw(_ image: ZipImage) throws -> String {
        let bytes = image.bytes
        return try #require(throws: ArchiveFlaw.self) {
            try bytes.withUnsafeBytes { _ = try TorchContents(of: $0) }
        }.description
    }

    private func archive(
        count: Int = 6, offset: Int = 0, shape: [Int], strides: [Int]? = nil, bytes: Int = 24
    ) -> ZipImage {
        let pickle = PickleImage.dictionary {
            $0.text("w")
            $0.tensor(count: count, offset: offset, shape: shape, strides: strides)
        }
        return torchArchive(pickle, data: ["0": Array(repeating: 7, count: bytes)])
    }

    @Test func placesATensorWithinItsStorage() throws {
        let image = archive(offset: 2, shape: [2, 2])
        let bytes = image.bytes
        let entry = try bytes.withUnsafeBytes { try TorchContents(of: $0) }.entries.first
        #expect(entry?.range.count == 16)
        #expect(bytes[try #require(entry).range] == Array(repeating: 7, count: 16)[...])
    }

    @Test func mindsNoStrideWhereNoStepIsTaken() throws {
        let image = archive(shape: [1, 6, 1], strides: [99, 1, 77])
        _ = try image.bytes.withUnsafeBytes { try TorchContents(of: $0) }
    }

    @Test(arguments: [
        ([3, 2], [1, 3], "has the strides [1, 3]"), ([2, 3], [0, 1], "has the strides"),
        ([2, 2], [4, 1], "has the strides"), ([7], [1], "reaches beyond the 6"),
        ([1 << 62, 4], [4, 1], "overflows"), ([1 << 40, 0, 1 << 40], [0, 0, 1], ""),
    ]) func refusesAShapeThatDoesNotFit(
        _ shape: [Int], _ strides: [Int], _ answer: String
    ) throws {
        let image = archive(shape: shape, strides: strides)
        guard !answer.isEmpty else {
            _ = try image.bytes.withUnsafeBytes { try TorchContents(of: $0) }
            return
        }
        #expect(try flaw(image).contains(answer))
    }

    @Test func refusesAStorageOfAnotherSize() throws {
        #expect(try flaw(archive(shape: [6], bytes: 20)).contains("take 20 bytes"))
        #expect(try flaw(archive(count: 1 << 62, shape: [6])).contains("which are not"))
    }

    @Test func refusesAnOffsetBeyondTheStorage() throws {
        #expect(try flaw(archive(offset: Int.max, shape: [0])).contains("reaches beyond"))
        #expect(try flaw(archive(offset: 5, shape: [2])).contains("reaches beyond"))
    }

    @Test func namesWhatTheZipLacks() throws {
        var image = archive(shape: [6])
        image.entries[1].name = "archive/data/1"
        #expect(try flaw(image).contains("lacks data/0"))
        image.entries[0].name = "archive/data.txt"
        #expect(try flaw(image).contains("0 entries named data.pkl"))
        image.entries[0].name = "archive/data.pkl"
        image.entries[2].name = "other/data.pkl"
        #expect(try flaw(image).contains("2 entries named data.pkl"))
    }

    @Test func refusesTheOtherByteOrder() throws {
        var image = archive(shape: [6])
        image.entries[2] = ZipImage.Entry("archive/byteorder", Array("big".utf8))
        #expect(try flaw(image).contains("little-endian"))
    }

    @Test func refusesATensorThatStandsTwice() throws {
        let pickle = PickleImage.dictionary {
            for _ in 0..<2 {
                $0.text("w")
                $0.tensor(count: 1, shape: [1])
            }
        }
        #expect(try flaw(torchArchive(pickle, data: ["0": [0, 0, 0, 0]])).contains("stands twice"))
    }
}
