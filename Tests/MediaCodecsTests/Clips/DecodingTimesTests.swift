import Testing

@testable import MediaCodecs

@Suite struct DecodingTimesTests {
    @Test func givesFramesTheTimesInOrder() {
        var times = DecodingTimes()
        for number in 0..<3 { times.add(Int64(number * 10), number: number) }
        // Shown in another order than decoded.
        #expect(times.next(number: 0) == 0)
        #expect(times.next(number: 2) == 10)
        #expect(times.next(number: 1) == 20)
        #expect(times.next(number: nil) == nil)
    }

    @Test func leavesOutPacketsThatGiveNoFrame() {
        var times = DecodingTimes()
        for number in 0..<3 { times.add(Int64(number), number: number) }
        times.remove(number: 1)
        #expect(times.next(number: 0) == 0)
        #expect(times.next(number: 2) == 2)
    }

    @Test func forgetsPacketsWhoseFramesNeverCame() {
        var times = DecodingTimes()
        for number in 0..<100 { times.add(Int64(number), number: number) }
        #expect(times.next(number: 99) == 79)
    }
}
