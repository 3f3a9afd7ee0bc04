import Testing

@testable import Tensor

@Suite struct SpareMemoryTests {
    @Test func whatWasGivenBackIsTakenAgain() {
        let memory = SpareMemory()
        let piece = memory.take(1 << 20)
        memory.give(piece, byteCount: 1 << 20)
        #expect(memory.byteCount == 1 << 20)
        #expect(memory.take(1 << 20) == piece)
        #expect(memory.byteCount == 0)
        memory.give(piece, byteCount: 1 << 20)
        memory.release()
        #expect(memory.byteCount == 0)
    }

    @Test func aPieceServesAsLittleAsTwoThirdsOfIt() {
        let memory = SpareMemory()
        let piece = memory.take(3 << 20)
        memory.give(piece, byteCount: 3 << 20)
        let small = memory.take(1 << 20)
        #expect(small != piece)
        #expect(memory.take(2 << 20) == piece)
        memory.give(piece, byteCount: 2 << 20)
        #expect(memory.byteCount == 3 << 20)
        memory.give(small, byteCount: 1 << 20)
        memory.release()
    }

    @Test func smallPiecesAndWhatIsTooMuchAreNotKept() {
        let memory = SpareMemory()
        memory.give(memory.take(1000), byteCount: 1000)
        #expect(memory.byteCount == 0)
        let large = (0..<3).map { _ in memory.take(100 << 20) }
        for piece in large { memory.give(piece, byteCount: 100 << 20) }
        #expect(memory.byteCount < 256 << 20)
        memory.release()
    }

    /// What is used all the time is kept, however much else was given back that nobody wants.
    @Test func whatHasLainLongestMakesRoom() {
        let memory = SpareMemory()
        for size in 1...200 {
            memory.give(memory.take((1 << 20) + size << 17), byteCount: (1 << 20) + size << 17)
        }
        #expect(memory.byteCount > 200 << 20)
        let often = memory.take(60 << 20)
        memory.give(often, byteCount: 60 << 20)
        #expect(memory.byteCount <= 256 << 20)
        #expect(memory.take(60 << 20) == often)
        memory.give(often, byteCount: 60 << 20)
        memory.release()
    }

    /// Sizes that come once only, as those of answers do, do not pile up.
    @Test func whatNobodyUsesForAPeriodGoes() {
        let memory = SpareMemory()
        let often = memory.take(1 << 20)
        memory.give(often, byteCount: 1 << 20)
        for size in 1...50 {
            let once = memory.take((1 << 20) + size << 18)
            memory.give(once, byteCount: (1 << 20) + size << 18)
            #expect(memory.take(1 << 20) == often)
            memory.give(often, byteCount: 1 << 20)
            memory.beginPeriod()
        }
        #expect(memory.byteCount < 64 << 20)
        memory.beginPeriod()
        memory.beginPeriod()
        #expect(memory.byteCount == 0)
    }
}
