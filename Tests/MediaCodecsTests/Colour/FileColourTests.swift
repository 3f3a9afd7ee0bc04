import CLibAV
import Imaging
import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

/// Colours from file to pixels.
///
/// The fixtures hold four muted colours in the numbers that stand for them
/// in PQ, HLG, BT.2020 and P3.
@Suite struct FileColourTests {
    private func quadrants(_ file: InputFile) throws -> [[UInt8]] {
        let format = try MediaFormat(of: file)
        return Fixture.quadrants(
            try StillReader(limits: .standard).read(file, format, minimumShortEdge: nil))
    }

    private func quadrants(_ bytes: [UInt8]) throws -> [[UInt8]] {
        try quadrants(try ScratchFile(bytes).open())
    }

    /// A fixture with chunks behind its header.
    private func png(_ name: String, _ chunks: [UInt8]) throws -> [UInt8] {
        let bytes = try Fixture.bytes(name)
        return bytes[..<33] + chunks + bytes[33...]
    }

    /// iCCP, the profile in a stored block.
    private func profileChunk(_ profile: [UInt8], name: String = "a name") -> [UInt8] {
        var low = 1
        var high = 0
        for byte in profile {
            low = (low + Int(byte)) % 65_521
            high = (high + low) % 65_521
        }
        let little = TIFFBuilder()
        let size = little.integer(profile.count, 2) + little.integer(~profile.count, 2)
        let sum = ProfileBuilder.big.integer(high << 16 | low, 4)
        let zlib: [UInt8] = [0x78, 1, 1] + size + profile + sum
        return FileBuilder.chunk("iCCP", Array(name.utf8) + [0, 0] + zlib)
    }

    @Test(arguments: ["pq.avif", "hlg.avif", "p3.avif"])
    func showsStillsOfCodedColours(_ name: String) throws {
        let shown = try quadrants(Fixture.open(name))
        #expect(Fixture.alike(shown, ColourConversionTests.muted, within: 5), "\(shown)")
    }

    @Test(arguments: ["pq.mp4", "hlg.mp4", "bt2020.mp4", "p3.mp4", "bt709.mp4", "bt601-full.mp4"])
    func showsClipsOfCodedColours(_ name: String) throws {
        let file = try Fixture.open(name)
        let clip = try VideoFile(file, MediaFormat(of: file), limits: .standard)
        var shown: [[UInt8]] = []
        try FrameSampler(clip, limits: .standard, minimumShortEdge: nil).run {
            shown = Fixture.quadrants($0.image)
        }
        #expect(Fixture.alike(shown, ColourConversionTests.muted, within: 4), "\(shown)")
    }

    @Test func showsPNGOfHighDynamicRange() throws {
        let chunk = FileBuilder.chunk("cICP", [9, 16, 0, 1])
        let shown = try quadrants(try png("pq16.png", chunk))
        #expect(Fixture.alike(shown, ColourConversionTests.muted, within: 2), "\(shown)")
    }

    @Test func knowsPQByTheNameOfItsProfileInPNG() throws {
        let chunk = profileChunk(ProfileBuilder.sRGB, name: "ITUR_2100_PQ_FULL")
        let shown = try quadrants(try png("pq16.png", chunk))
        #expect(Fixture.alike(shown, ColourConversionTests.muted, within: 2), "\(shown)")
    }

    @Test(arguments: ["rgb.png", "rgb16.png", "palette.png", "interlaced.png"])
    func followsTheProfileOfPNG(_ name: String) throws {
        let shown = try quadrants(try png(name, profileChunk(ProfileBuilder.swapped)))
        #expect(Fixture.alike(shown, ProfileBuilder.swappedScene, within: 1), "\(shown)")
    }

    @Test func leavesExponentAndPrimariesOfPNGAside() throws {
        let big = TIFFBuilder(order: .big)
        // Green and blue exchanged, in light rather than in what eyes see.
        let points = [31_270, 32_900, 64_000, 33_000, 15_000, 6_000, 30_000, 60_000]
        let chunks =
            FileBuilder.chunk("gAMA", big.integer(100_000, 4))
            + FileBuilder.chunk("cHRM", points.flatMap { big.integer($0, 4) })
        #expect(try quadrants(try png("rgb.png", chunks)) == Fixture.scene)
        let profile = profileChunk(ProfileBuilder.swapped)
        let shown = try quadrants(try png("rgb.png", chunks + profile))
        #expect(Fixture.alike(shown, ProfileBuilder.swappedScene, within: 1), "\(shown)")
    }

    @Test func followsTheProfileOfBMP() throws {
        let plain = try Fixture.bytes("rgb.bmp")
        let rows = Array(plain[54...])
        let little = TIFFBuilder()
        var header = [UInt8](repeating: 0, count: 124)
        header.replaceSubrange(0..<40, with: plain[14..<54])
        header.replaceSubrange(0..<4, with: little.integer(124, 4))
        header.replaceSubrange(56..<60, with: Array("DEBM".utf8))
        header.replaceSubrange(112..<116, with: little.integer(124 + rows.count, 4))
        header.replaceSubrange(116..<120, with: little.integer(ProfileBuilder.swapped.count, 4))
        let size = 138 + rows.count + ProfileBuilder.swapped.count
        let start =
            Array("BM".utf8) + little.integer(size, 4) + little.integer(0, 4)
            + little.integer(138, 4)
        let shown = try quadrants(start + header + rows + ProfileBuilder.swapped)
        #expect(Fixture.alike(shown, ProfileBuilder.swappedScene, within: 1), "\(shown)")
    }

    @Test(arguments: [AVCOL_SPC_YCGCO, AVCOL_SPC_ICTCP])
    func refusesAMatrixThatWouldBeMistaken(_ matrix: AVColorSpace) throws {
        var frame = av_frame_alloc()
        defer { av_frame_free(&frame) }
        let made = try #require(frame)
        made.pointee.format = AV_PIX_FMT_YUV444P.rawValue
        (made.pointee.width, made.pointee.height) = (16, 16)
        made.pointee.colorspace = matrix
        try #require(av_frame_get_buffer(made, 0) == 0)
        #expect(throws: CodecError.self) { try Scaler().sRGB(made, width: 16, height: 16) }
        // Red, green and blue have no matrix.
        made.pointee.format = AV_PIX_FMT_GBRP.rawValue
        #expect(throws: Never.self) { try Scaler().sRGB(made, width: 16, height: 16) }
    }

    @Test func followsTheProfileOfWebP() throws {
        let little = TIFFBuilder()
        func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
            Array(type.utf8) + little.integer(content.count, 4) + content
                + [UInt8](repeating: 0, count: content.count % 2)
        }
        let extended: [UInt8] = [0x20, 0, 0, 0] + little.integer(63, 3) + little.integer(47, 3)
        let picture = Array(try Fixture.bytes("lossless.webp")[12...])
        let profile = chunk("ICCP", ProfileBuilder.swapped)
        let body = Array("WEBP".utf8) + chunk("VP8X", extended) + profile + picture
        let shown = try quadrants(Array("RIFF".utf8) + little.integer(body.count, 4) + body)
        #expect(Fixture.alike(shown, ProfileBuilder.swappedScene, within: 1), "\(shown)")
    }
}
