import Testing

@testable import MediaCodecs

@Suite struct IntactFramesTests {
    /// A tracker that has seen as many packets, those of `keys` marked as key packets.
    private func tracker(packets: Int, keys: Set<Int>) -> IntactFrames {
        var frames = IntactFrames(isIntraOnly: false, decoderKnowsKeys: true)
        for number in 0..<packets {
            _ = frames.number(isKey: keys.contains(number), stamp: Int64(number))
        }
        return frames
    }

    private func frame(
        _ number: Int, key: Bool = false, damaged: Bool = false, b: Bool = false
    ) -> IntactFrames.Frame {
        IntactFrames.Frame(
            number: number, stamp: Int64(number), isKey: key, isDamaged: damaged,
            isBidirectional: b)
    }

    /// Which of the frames are intact, one after the other.
    private func judge(_ frames: [IntactFrames.Frame], _ tracker: IntactFrames) -> [Bool] {
        var tracker = tracker
        return frames.map { tracker.isIntact($0) }
    }

    @Test func beginsWithAKeyFrame() {
        let verdicts = judge(
            [frame(0), frame(1), frame(2, key: true), frame(3)], tracker(packets: 4, keys: [2]))
        #expect(verdicts == [false, false, true, true])
    }

    @Test func distrustsWhatIsBuiltUponADamagedFrame() {
        let verdicts = judge(
            [
                frame(0, key: true), frame(1), frame(2, damaged: true), frame(3),
                frame(4, key: true), frame(5),
            ], tracker(packets: 6, keys: [0, 4]))
        #expect(verdicts == [true, true, false, false, true, true])
    }

    @Test func losesOnlyADamagedFrameUponWhichNoneIsBuilt() {
        let verdicts = judge(
            [frame(0, key: true), frame(1, damaged: true, b: true), frame(2)],
            tracker(packets: 3, keys: [0]))
        #expect(verdicts == [true, false, true])
    }

    @Test func missesAKeyFrameThatNeverCame() {
        // 3 was read without an error, and gave nothing.
        let verdicts = judge(
            [frame(0, key: true), frame(2), frame(4), frame(5), frame(6, key: true)],
            tracker(packets: 8, keys: [0, 3, 6]))
        #expect(verdicts == [true, true, false, false, true])
    }

    @Test func takesNoFrameOfAPacketThatCouldNotBeRead() {
        var frames = tracker(packets: 3, keys: [0])
        frames.cannotRead(1)
        #expect(judge([frame(0, key: true), frame(1), frame(2)], frames) == [true, false, false])
    }

    @Test func holdsPacketsBackUntilTheNextKeyPacket() {
        var frames = tracker(packets: 2, keys: [0])
        #expect(!frames.awaitsKeyPacket)
        frames.cannotRead(1)
        #expect(frames.awaitsKeyPacket && frames.hasDamage)
        _ = frames.number(isKey: true, stamp: 2)
        #expect(!frames.awaitsKeyPacket)
    }

    @Test func takesEachWholeFrameWhereEachStandsForItself() {
        var frames = IntactFrames(isIntraOnly: true, decoderKnowsKeys: false)
        for number in 0..<3 { _ = frames.number(isKey: true, stamp: Int64(number)) }
        #expect(
            judge([frame(0), frame(1, damaged: true), frame(2)], frames) == [true, false, true])
    }

    @Test func believesTheContainerWhereTheDecoderDoesNotTell() {
        var frames = IntactFrames(isIntraOnly: false, decoderKnowsKeys: false)
        for number in 0..<2 { _ = frames.number(isKey: number == 0, stamp: Int64(number)) }
        #expect(judge([frame(0), frame(1)], frames) == [true, true])
    }
}
