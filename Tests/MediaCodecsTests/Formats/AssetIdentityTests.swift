import Testing
import MediaDecoding
import MediaFormats

@testable import MediaCodecs

@Suite struct AssetIdentityTests {
    private func identity(_ file: InputFile) throws -> [UInt8] {
        try Prober(limits: .standard).probe(file, try MediaFormat(of: file)).identity
    }

    private func identity(_ name: String) throws -> [UInt8] {
        try identity(try Fixture.open(name))
    }

    @Test(arguments: [
        ("420.jpg", "edited-420.jpg"), ("420.jpg", "camera.jpg"), ("rgb.png", "edited-rgb.png"),
        ("lossless.webp", "edited-lossless.webp"), ("h264.mp4", "telephone.mov"),
        ("h264.mp4", "faststart.mp4"), ("rgb.png", "mislabelled.jpg"),
    ])
    func staysWhenOnlyMetadataChanges(_ one: String, _ other: String) throws {
        #expect(try identity(one) == identity(other))
        #expect(try Fixture.bytes(one) != Fixture.bytes(other) || other == "mislabelled.jpg")
    }

    @Test func changesWithAPixel() throws {
        #expect(try identity("rgb.png") != identity("painted.png"))
    }

    @Test func changesWithTheOrientation() throws {
        #expect(try identity("orientation-1.jpg") == identity("444.jpg"))
        var turned = try Fixture.bytes("orientation-1.jpg")
        // The value in the entry of tag 0x0112, a short, in the big-endian block of exiftool.
        let tag = try #require(
            turned.indices.first { turned[$0...].starts(with: [1, 0x12, 0, 3, 0, 0, 0, 1]) })
        turned[tag + 9] = 6
        let scratch = try ScratchFile(turned)
        #expect(try identity(try scratch.open()) != identity("orientation-1.jpg"))
    }

    @Test func isTheSameForNoTwoFixturesThatLookDifferent() throws {
        let names = [
            "rgb.png", "grey.png", "420.jpg", "grey.jpg", "lossless.webp", "lossy.webp",
            "still.gif", "rgb.bmp", "lzw.tiff", "rgb.heic", "rgb.avif", "h264.mp4", "h264.mkv",
            "one-keyframe.mp4", "mpeg4.avi",
        ]
        let identities = try names.map { try identity($0) }
        #expect(Set(identities).count == names.count)
        #expect(identities.allSatisfy { $0.count == 32 })
    }

    @Test func changesWithEveryByteOfImageData() throws {
        let bytes = try Fixture.bytes("rgb.png")
        let original = try identity("rgb.png")
        let data = try #require(try PNGFile(bytes).chunks.first { $0.type == "IDAT" }).content
        for place in data {
            var changed = bytes
            changed[place] ^= 1
            let scratch = try ScratchFile(changed)
            #expect(try identity(try scratch.open()) != original)
        }
    }
}
