import Testing

@testable import Captioning

/// Tokens of a long clip, in memory only in part.
@Suite struct TokenTrackTests {
    private func token(_ second: Int, numbers: Int) -> PictureDescription.Token {
        .init(
            second: Double(second), values: (0..<numbers).map { Float(second * 7 + $0) / 3 })
    }

    /// From one that stays in memory to three hours of the released model's.
    @Test(arguments: [(0, 8), (1, 8), (300, 8), (256, 4096), (257, 4096), (1000, 4096)])
    func givesBackWhatItWasGiven(_ count: Int, _ numbers: Int) throws {
        var recorder = TokenRecorder()
        for second in 0..<count {
            try recorder.append(token(second, numbers: numbers))
            #expect(recorder.count == second + 1)
            #expect(recorder.numbersInMemory <= TokenRecorder.mostNumbers)
        }
        let track = recorder.finish()
        #expect(track.count == count)
        #expect(track.dimension == (count > 0 ? numbers : 0))
        var second = 0
        try track.forEach {
            #expect($0 == token(second, numbers: numbers))
            second += 1
        }
        #expect(second == count)
    }

    @Test func anErrorOfTheReceiverEndsTheReading() {
        struct Enough: Error {}
        var count = 0
        #expect(throws: Enough.self) {
            try TokenTrack((0..<5).map { token($0, numbers: 2) }).forEach { _ in
                count += 1
                if count == 2 { throw Enough() }
            }
        }
        #expect(count == 2)
    }
}
