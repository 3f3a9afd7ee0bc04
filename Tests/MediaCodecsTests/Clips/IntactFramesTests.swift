import Testing

@testable import MediaCodecs

@Suite struct IntactFramesTests {
    private func tracker() -> IntactFrames {
        IntactFrames(isIntraOnly: false, decoderKnowsKeys: true)
    }

    private func frame(
        _ number: Int, key: Bool = false, damaged: Bool = false, b: Bool = false
    ) -> IntactFrames.Frame {
        IntactFrames.Frame(
            number: number, stamp: Int64(number), isKey: key, isDamaged: damaged,
            isBidirectional: b)
    }

    @Test func beginsWithAKeyFrame() {
        var frames = tracker()
        for number in 0..<4 { _ = frames.number(isKey: number == 2, stamp: Int64(number)) }
        #expect(!frames.isIntact(frame(0)))
        #expect(!frames.isIntact(frame(1)))
        #expect(frames.isIntact(frame(2, key: true)))
        #expect(frames.isIntact(frame(3)))
        #expect(!frames.hasDamage)
    }

    @Test func distrustsWhatIsBuiltUponADamagedFrame() {
        var frames = tracker()
        for number in 0..<6 {
            _ = frames.number(isKey: number == 0 || number == 4, stamp: Int64(number))
        }
        #expect(frames.isIntact(frame(0, key: true)))
        #expect(frames.isIntact(frame(1)))
        #expect(!frames.isIntact(frame(2, damaged: true)))
        #expect(!frames.isIntact(frame(3)))
        #expect(frames.isIntact(frame(4, key: true)))
        #expect(frames.isIntact(frame(5)))
    }

    @Test func losesOnlyADamagedFrameUponWhichNoneIsBuilt() {
        var frames = tracker()
        for number in 0..<3 { _ = frames.number(isKey: number == 0, stamp: Int64(number)) }
        #expect(frames.isIntact(frame(0, key: true)))
        #expect(!frames.isIntact(frame(1, damaged: true, b: true)))
        #expect(frames.isIntact(frame(2)))
    }

    @Test func missesAKeyFrameThatNeverCame() {
        var frames = tracker()
        for number in 0..<8 { _ = frames.number(isKey: number % 3 == 0, stamp: Int64(number)) }
        #expect(frames.isIntact(frame(0, key: true)))
        #expect(frames.isIntact(frame(2)))
        // 3 was read without an error, and gave nothing.
        #expect(!frames.isIntact(frame(4)))
        #expect(!frames.isIntact(frame(5)))
        #expect(frames.isIntact(frame(6, key: true)))
    }

    @Test func holdsPacketsBackUntilTheNextKeyPacket() {
        var frames = tracker()
        _ = frames.number(isKey: true, stamp: 0)
        #expect(!frames.awaitsKeyPacket)
        frames.cannotRead(frames.number(isKey: false, stamp: 1))
        #expect(frames.awaitsKeyPacket)
        _ = frames.number(isKey: true, stamp: 2)
        #expect(!frames.awaitsKeyPacket)
    }

    @Test func takesEachWholeFrameWhereEachStandsForItself() {
        var frames = IntactFrames(isIntraOnly: true, decoderKnowsKeys: false)
        for number in 0..<3 { _ = frames.number(isKey: true, stamp: Int64(number)) }
        #expect(frames.isIntact(frame(0)))
        #expect(!frames.isIntact(frame(1, damaged: true)))
        #expect(frames.isIntact(frame(2)))
    }

    @Test func believesTheContainerWhereTheDecoderDoesNotTell() {
        var frames = IntactFrames(isIntraOnly: false, decoderKnowsKeys: false)
        for number in 0..<2 { _ = frames.number(isKey: number == 0, stamp: Int64(number)) }
        #expect(frames.isIntact(frame(0)))
        #expect(frames.isIntact(frame(1)))
    }
}
