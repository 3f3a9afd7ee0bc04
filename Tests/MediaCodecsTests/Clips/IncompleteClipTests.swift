import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

/// Clips whose end a crash, a full card or a broken transfer took.
@Suite struct IncompleteClipTests {
    /// Clips, and how many bytes of each are taken: something behind the first keyframe.
    private static let cuttable = [
        ("faststart.mp4", 100), ("fragmented.mp4", 300), ("h264.mkv", 300), ("vp9.webm", 200),
        ("mpeg4.avi", 700), ("camcorder.m2ts", 5000), ("dvd.vob", 1001), ("windows.wmv", 300),
        ("sorenson.flv", 207), ("theora.ogv", 60), ("professional.mxf", 20_000),
    ]
    private static let whole =
        cuttable.map(\.0) + ["h264.mp4", "telephone.3gp", "video-cd.mpg", "cassette.dv"]

    private func isIncomplete(_ bytes: [UInt8]) throws -> Bool {
        let scratch = try ScratchFile(bytes)
        let file = try scratch.open()
        return try VideoFile(file, try MediaFormat(of: file), limits: .standard).isIncomplete
    }

    @Test(arguments: cuttable)
    func saysThatItIsIncompleteAndShowsWhatThereIs(_ name: String, _ missing: Int) throws {
        let scratch = try ScratchFile(Array(Fixture.bytes(name).dropLast(missing)))
        let file = try scratch.open()
        let format = try MediaFormat(of: file)
        #expect(try Prober(limits: .standard).probe(file, format).isIncomplete)
        var colours: [[UInt8]] = []
        try FrameSampler(
            VideoFile(file, format, limits: .standard), limits: .standard, minimumShortEdge: nil
        ).run { colours.append(Fixture.quadrants($0.image)[0]) }
        #expect(!colours.isEmpty && colours.count <= 3)
        #expect(
            Fixture.alike(colours, Array(Fixture.scene[..<min(colours.count, 3)]), within: 6),
            "\(colours)")
    }

    @Test(arguments: whole)
    func saysNothingOfAWholeClip(_ name: String) throws {
        #expect(try !isIncomplete(Fixture.bytes(name)))
    }

    @Test func needsTheIndexOfAnMP4() throws {
        let bytes = try Fixture.bytes("h264.mp4")
        let scratch = try ScratchFile(Array(bytes[..<(bytes.count / 2)]))
        let file = try scratch.open()
        #expect {
            try VideoFile(file, .mp4, limits: .standard)
        } throws: { error in
            guard case CodecError.rejected(let reason) = error else { return false }
            return reason.hasPrefix("is cut short: the index")
        }
    }

    @Test func isCutShortRatherThanDamagedWhereNoFrameIsLeft() throws {
        let bytes = try Fixture.bytes("faststart.mp4")
        let data = try #require(ISOBoxes(bytes).mediaData.first)
        let scratch = try ScratchFile(Array(bytes[..<(data.lowerBound + 20)]))
        let clip = try VideoFile(scratch.open(), .mp4, limits: .standard)
        #expect(throws: CodecError.cutShort) {
            try FrameSampler(clip, limits: .standard, minimumShortEdge: nil).run { _ in }
        }
    }

    @Test func knowsAnAVIThatWasNotFinishedByItsSize() throws {
        var bytes = try Fixture.bytes("mpeg4.avi")
        bytes.replaceSubrange(4..<8, with: [0, 0, 0, 0])
        #expect(try isIncomplete(bytes))
        bytes.replaceSubrange(4..<8, with: [0xff, 0xff, 0xff, 0xff])
        #expect(try isIncomplete(bytes))
        // Some programs write the size of the whole file.
        let size = bytes.count
        bytes.replaceSubrange(4..<8, with: (0..<4).map { UInt8(size >> (8 * $0) & 0xff) })
        #expect(try !isIncomplete(bytes))
    }

    @Test func statesTheLengthOfWhatIsLeft() throws {
        let scratch = try ScratchFile(Array(Fixture.bytes("faststart.mp4").dropLast(100)))
        let clip = try VideoFile(scratch.open(), .mp4, limits: .standard)
        let duration = try #require(clip.duration)
        #expect(duration > 0.5 && duration < 3)
    }

    @Test func isNotMistakenAboutWhatStandsBehindAStream() throws {
        let bytes = try Fixture.bytes("camcorder.m2ts")
        #expect(try !isIncomplete(bytes + [1, 2, 3, 4, 5, 6, 7]))
        #expect(try isIncomplete(Array(bytes.dropLast(100))))
    }
}
