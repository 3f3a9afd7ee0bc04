import MediaDecoding
import Testing
import MediaFormats

@testable import MediaCodecs

@Suite struct ExifTests {
    @Test func readsWhatACameraWrites() throws {
        let metadata = try StillFile.read(Fixture.open("camera.jpg"), .jpeg).blocks.metadata()
        #expect(metadata.capture.takenAt == "2024-07-26T18:03:11+02:00")
        #expect(metadata.capture.camera == "Canon EOS R6")
        #expect(abs(try #require(metadata.capture.latitude) - 52.52) < 1e-6)
        #expect(abs(try #require(metadata.capture.longitude) - 13.405) < 1e-6)
    }

    @Test func readsWhatATelephoneWritesIntoAClip() throws {
        let clip = try VideoFile(Fixture.open("telephone.mov"), .mov, limits: .standard)
        #expect(
            try clip.metadata()
                == MediaMetadata(
                    capture: CaptureFacts(
                        takenAt: "2024-07-26T18:03:11+02:00", camera: "Apple iPhone 15",
                        latitude: 52.52, longitude: 13.405)))
    }

    @Test(arguments: [
        (91.0, 0.0), (-90.1, 1.0), (1.0, 180.5), (.nan, 1.0), (.infinity, 1.0), (0.0, 0.0),
    ])
    func dropsPositionsThatAreNone(_ latitude: Double, _ longitude: Double) {
        var capture = CaptureFacts()
        capture.setPosition(latitude: latitude, longitude: longitude)
        #expect(capture == CaptureFacts())
    }

    /// A little-endian block with one directory of the given entries.
    private func block(_ entries: [[UInt8]]) -> [UInt8] {
        [0x49, 0x49, 42, 0, 8, 0, 0, 0, UInt8(entries.count), 0] + entries.joined() + [0, 0, 0, 0]
    }

    @Test func survivesPointersToThemselvesAndBeyondTheEnd() throws {
        for target: [UInt8] in [
            [8, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f],
        ] {
            let pointers = block([
                [0x69, 0x87, 4, 0, 1, 0, 0, 0] + target, [0x25, 0x88, 4, 0, 1, 0, 0, 0] + target,
                [0x0f, 0x01, 2, 0, 0xff, 0xff, 0xff, 0xff] + target,
            ])
            var blocks = MetadataBlocks()
            try blocks.addExif(pointers)
            #expect(blocks.metadata() == MediaMetadata())
        }
    }

    @Test func readsTheOrientationOfBothByteOrders() throws {
        let little = block([[0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]])
        let big: [UInt8] =
            [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
        #expect(try Exif(little).orientation == .right)
        #expect(try Exif(big).orientation == .right)
        #expect(try Exif(block([[0x12, 1, 3, 0, 1, 0, 0, 0, 9, 0, 0, 0]])).orientation == nil)
    }

    @Test func survivesAnyMutation() throws {
        var random = SplitMix(state: 0x5eed)
        let original = try Fixture.bytes("camera.jpg")
        for _ in 0..<3000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<400, using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
            let exif = try Exif(bytes, at: 30)
            #expect(exif.position.map { abs($0.latitude) <= 90 } ?? true)
            #expect((exif.camera?.count ?? 0) <= 200)
        }
    }
}

/// Random numbers that are the same on each run (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
