import Imaging
import MediaDecoding
import SystemPackage
import Testing
import MediaFormats

@testable import MediaCodecs

@Suite struct FrameSamplerTests {
    private func sample(
        _ name: String, limits: DecoderLimits = .standard, minimumShortEdge: Int? = nil
    ) throws -> [VideoFrame] {
        try sample(try Fixture.open(name), limits: limits, minimumShortEdge: minimumShortEdge)
    }

    private func sample(
        _ file: InputFile, limits: DecoderLimits = .standard, minimumShortEdge: Int? = nil
    ) throws -> [VideoFrame] {
        let clip = try VideoFile(file, try MediaFormat(of: file), limits: limits)
        var frames: [VideoFrame] = []
        try FrameSampler(clip, limits: limits, minimumShortEdge: minimumShortEdge)
            .run { frames.append($0) }
        return frames
    }

    private func colours(_ frames: [VideoFrame]) -> [[UInt8]] {
        frames.map { Fixture.quadrants($0.image)[0] }
    }

    @Test(arguments: [
        "h264.mp4", "faststart.mp4", "one-keyframe.mp4", "hevc.mp4", "telephone.mov", "h264.mkv",
        "vp9.webm", "mpeg4.avi", "mjpeg.avi", "anamorphic.mp4", "camcorder.m2ts", "dvd.vob",
        "video-cd.mpg", "windows.wmv", "sorenson.flv", "theora.ogv", "telephone.3gp",
        "professional.mxf", "xvid.avi", "h264.avi", "mpeg2.avi", "fragmented.mp4", "negative.mp4",
    ])
    func takesTheFrameShownAtEachSecond(_ name: String) throws {
        let frames = try sample(name)
        #expect(frames.map(\.second) == [0, 1, 2])
        #expect(Fixture.alike(colours(frames), Array(Fixture.scene[..<3]), within: 6), "\(name)")
    }

    @Test func repeatsAFrameThatStandsForSeconds() throws {
        // One frame at 0 s, the next at 2.5 s.
        let frames = try sample("variable.mp4")
        let red = Fixture.scene[0]
        #expect(Fixture.alike(colours(frames), [red, red, red]))
    }

    @Test func showsAFrameThatClaimsToLastAThousandthOfASecond() throws {
        // The head of the file and its first picture alone (a tag of type 9), so that nothing says how
        // long it is shown.
        let bytes = try Fixture.bytes("sorenson.flv")
        var tag = 13
        func size() -> Int { 15 + bytes[tag + 1...tag + 3].reduce(0) { $0 << 8 | Int($1) } }
        while bytes[tag] != 9 { tag += size() }
        let scratch = try ScratchFile(Array(bytes[..<13] + bytes[tag..<tag + size()]))
        #expect(try sample(scratch.open()).map(\.second) == [0])
    }

    @Test func turnsAClipUpright() throws {
        let image = try #require(try sample("rotated.mov").first).image
        #expect(image.width == 64 && image.height == 48)
        #expect(Fixture.alike(Fixture.quadrants(image), Fixture.scene, within: 8))
    }

    @Test func stretchesPixelsUntilTheyAreSquare() throws {
        let image = try #require(try sample("anamorphic.mp4").first).image
        #expect(image.width == 128 && image.height == 48)
    }

    @Test func stopsAtTheLargestNumberOfFrames() throws {
        var limits = DecoderLimits.standard
        limits.maximumFrames = 2
        #expect(try sample("h264.mp4", limits: limits).count == 2)
    }

    @Test func scalesFramesDown() throws {
        let image = try #require(try sample("h264.mp4", minimumShortEdge: 12).first).image
        #expect(image.width == 32 && image.height == 24)
    }

    @Test(arguments: ["sound.m4a", "cover.m4a"])
    func refusesSoundWithoutVideo(_ name: String) throws {
        #expect(
            throws: CodecError.rejected("has no video in it, at most sound or a cover picture")
        ) {
            try sample(name)
        }
    }

    @Test func refusesTooLargeFrames() throws {
        var limits = DecoderLimits.standard
        limits.maximumFramePixels = 3000
        #expect(throws: CodecError.self) { try sample("h264.mp4", limits: limits) }
    }

    @Test func showsAFrameOfACassette() throws {
        let frames = try sample("cassette.dv")
        #expect(frames.map(\.second) == [0])
        let image = try #require(frames.first).image
        // Its pixels are a fifteenth wider than high.
        #expect(image.width == 768 && image.height == 576)
        #expect(Fixture.alike(Fixture.quadrants(image), Array(repeating: [255, 0, 0], count: 4)))
    }

    @Test func findsTheFirstFrameWhereNoneIsMarkedAsAKeyFrame() throws {
        let path = Fixture.folder.removingLastComponent()
            .appending("reports/mp4-fragmented-no-sync-flags.mp4")
        let frames = try sample(try InputFile(path))
        #expect(frames.map(\.second) == [0, 1])
        #expect(frames.first?.image != frames.last?.image)
    }

    @Test(arguments: [5, 8])
    func refusesDolbyVisionWithoutALayerOfAStandard(_ profile: UInt8) throws {
        var bytes = try Fixture.bytes("hevc.mp4")
        // The box with the bit rate becomes Dolby Vision's configuration: version 1.0, then seven bits
        // of the profile.
        let place = try #require(bytes.firstRange(of: Array("btrt".utf8))).lowerBound
        let configuration = Array("dvcC".utf8) + [1, 0, profile << 1, 0x35]
        bytes.replaceSubrange(place..<place + 8, with: configuration)
        let scratch = try ScratchFile(bytes)
        guard profile == 5 else {
            _ = try VideoFile(scratch.open(), .mp4, limits: .standard)
            return
        }
        #expect {
            try VideoFile(scratch.open(), .mp4, limits: .standard)
        } throws: { error in
            guard case CodecError.rejected(let reason) = error else { return false }
            return reason.hasPrefix("is not supported: a clip in Dolby Vision")
        }
    }
}
