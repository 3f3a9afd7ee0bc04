import CLibAV
import MediaDecoding
import MediaFormats
import Testing

@testable import MediaCodecs

/// Clips into which something else was written: no frame is shown that was not recorded.
@Suite struct DamagedClipTests {
    private enum Damage: CaseIterable {
        case zeros, noise, ones, changedBytes
    }

    private func clip(_ file: InputFile) throws -> VideoFile {
        try VideoFile(file, try MediaFormat(of: file), limits: .standard)
    }

    private func colours(_ bytes: [UInt8]) throws -> [[UInt8]] {
        let scratch = try ScratchFile(bytes)
        var colours: [[UInt8]] = []
        try FrameSampler(
            clip(scratch.open()), limits: .standard, minimumShortEdge: nil
        ).run { colours.append(Fixture.quadrants($0.image)[0]) }
        return colours
    }

    /// Where the keyframes stand, by the index.
    private func keyframes(_ name: String) throws -> [Range<Int>] {
        let clip = try clip(Fixture.open(name))
        let stream = clip.stream
        // AVI puts eight bytes before each packet.
        let header = name.hasSuffix("avi") ? 8 : 0
        var keys: [Range<Int>] = []
        for index in 0..<avformat_index_get_entries_count(stream) {
            guard let entry = avformat_index_get_entry(stream, index),
                Int32(entry.pointee.flags) & AVINDEX_KEYFRAME != 0
            else { continue }
            let start = Int(entry.pointee.pos) + header
            keys.append(start..<start + Int(entry.pointee.size))
        }
        // The index lives as long as the clip does.
        return withExtendedLifetime(clip) { keys }
    }

    private func damaged(_ bytes: [UInt8], _ part: Range<Int>, _ damage: Damage) -> [UInt8] {
        var bytes = bytes
        for (index, place) in part.dropFirst(part.count / 4).enumerated() {
            switch damage {
            case .zeros: bytes[place] = 0
            case .noise: bytes[place] = UInt8(truncatingIfNeeded: index &* 167 &+ 13 ^ index >> 3)
            case .ones: bytes[place] = 0xff
            case .changedBytes: bytes[place] ^= index.isMultiple(of: 3) ? 0x55 : 0
            }
        }
        return bytes
    }

    @Test(arguments: ["h264.mp4", "faststart.mp4"], Damage.allCases)
    private func passesOverADamagedKeyframe(_ name: String, _ damage: Damage) throws {
        let keys = try keyframes(name)
        let bytes = try Fixture.bytes(name)
        let (red, blue) = (Fixture.scene[0], Fixture.scene[2])
        // The second keyframe begins the green second: what was shown before it goes on.
        let shown = try colours(damaged(bytes, keys[1], damage))
        #expect(Fixture.alike(shown, [red, red, blue], within: 6), "\(shown)")
    }

    @Test(arguments: Damage.allCases)
    private func beginsWithTheFirstWholeKeyframe(_ damage: Damage) throws {
        let keys = try keyframes("h264.mp4")
        let bytes = damaged(try Fixture.bytes("h264.mp4"), keys[0], damage)
        let scratch = try ScratchFile(bytes)
        var seconds: [Double] = []
        try FrameSampler(clip(scratch.open()), limits: .standard, minimumShortEdge: nil)
            .run { seconds.append($0.second) }
        #expect(seconds == [1, 2])
    }

    /// Seconds that are described of a clip into which noise was written.
    private func seconds(_ name: String, noiseAt place: Int) throws -> [Double] {
        var bytes = try Fixture.bytes(name)
        for index in 0..<24 { bytes[place + index] = UInt8(truncatingIfNeeded: index &* 167 &+ 13) }
        let scratch = try ScratchFile(bytes)
        var seconds: [Double] = []
        try FrameSampler(clip(scratch.open()), limits: .standard, minimumShortEdge: nil)
            .run { seconds.append($0.second) }
        return seconds
    }

    @Test(arguments: Array(1...8))
    func theDecoderOfVP8DoesNotHideWhereItEnded(_ step: Int) throws {
        // A key frame has a start code (RFC 6386, 9.1); the first is of more than seven thousand bytes.
        let bytes = try Fixture.bytes("fractal.webm")
        let start = try #require(
            bytes.indices.first { bytes[$0...].starts(with: [0x9d, 0x01, 0x2a]) })
        #expect(try seconds("fractal.webm", noiseAt: start + step * 800) == [1])
    }

    @Test func theDecoderOfHEVCDoesNotHideWhereItEnded() throws {
        // From this byte on libav reads an end of the picture before its last square.
        let start = try keyframes("fractal.mp4")[0].lowerBound
        #expect(try seconds("fractal.mp4", noiseAt: start + 2427) == [1])
    }

    @Test func theFirstWholeFrameStandsForItsSecond() throws {
        let keys = try keyframes("mjpeg.avi")
        let shown = try colours(damaged(Fixture.bytes("mjpeg.avi"), keys[0], .zeros))
        #expect(Fixture.alike(shown, Array(Fixture.scene[..<3]), within: 6), "\(shown)")
    }

    @Test func refusesAClipWhoseKeyframesAreAllDamaged() throws {
        var bytes = try Fixture.bytes("h264.mp4")
        for key in try keyframes("h264.mp4") { bytes = damaged(bytes, key, .zeros) }
        #expect(throws: CodecError.self) { try colours(bytes) }
    }
}
