import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

/// Clips whose end a crash, a full card or a broken transfer took.
@Suite struct IncompleteClipTests {
    private static let cuttable = [
        "faststart.mp4", "fragmented.mp4", "h264.mkv", "vp9.webm", "mpeg4.avi", "camcorder.m2ts",
        "dvd.vob", "windows.wmv", "sorenson.flv", "theora.ogv", "professional.mxf",
    ]

    private func isIncomplete(_ bytes: [UInt8]) throws -> Bool {
        let scratch = try ScratchFile(bytes)
        let file = try scratch.open()
        return try VideoFile(file, try MediaFormat(of: file), limits: .standard).isIncomplete
    }

    @Test(arguments: cuttable)
    func saysThatItIsIncompleteAndShowsWhatThereIs(_ name: String) throws {
        let bytes = try Fixture.bytes(name)
        let scratch = try ScratchFile(Array(bytes[..<(bytes.count * 4 / 5 - 1)]))
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

    @Test(arguments: cuttable + ["h264.mp4", "telephone.3gp", "video-cd.mpg", "cassette.dv"])
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
        let bytes = try Fixture.bytes("faststart.mp4")
        let scratch = try ScratchFile(Array(bytes[..<(bytes.count * 4 / 5)]))
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
