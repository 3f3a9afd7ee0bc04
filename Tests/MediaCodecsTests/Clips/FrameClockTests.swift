import Testing

@testable import MediaCodecs

@Suite struct FrameClockTests {
    private func times(_ stamps: [Double?]) -> [Double] {
        var clock = FrameClock(frameDuration: 0.5)
        return stamps.map { clock.time(of: $0) }
    }

    @Test func beginsAtZero() {
        #expect(times([100, 101, 103.5]) == [0, 1, 3.5])
        #expect(times([-4, -3]) == [0, 1])
    }

    @Test func continuesWhereTimestampsAreMissing() {
        #expect(times([nil, nil, nil]) == [0, 0.5, 1])
        #expect(times([3, nil, 4]) == [0, 0.5, 1])
    }

    @Test func goesOnWithoutAJump() {
        #expect(times([0, 1, 1_000_000, 1_000_001]) == [0, 1, 1.5, 2.5])
        #expect(times([10, 11, 2, 3]) == [0, 1, 1.5, 2.5])
    }

    @Test func keepsTheLongStandOfASlide() {
        #expect(times([0, 300, 900]) == [0, 300, 900])
    }
}
