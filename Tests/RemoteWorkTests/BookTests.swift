import Testing

@testable import RemoteWork

@Suite struct WorkerBookTests {
    private func held(_ count: Int) -> [WorkerBook.Held] {
        (0..<count).map { _ in .init(piece: PieceID(), attempt: 1) }
    }

    @Test func batchFollowsTheSpeed() {
        var book = WorkerBook(mostAtOnce: 16)
        #expect(book.batch == 1)
        for (seconds, batch) in [(10.0, 1), (1.9, 5), (0.01, 16)] {
            for _ in 0..<60 { book.ended(.init(piece: PieceID(), attempt: 1), seconds: seconds) }
            #expect(book.batch == batch, "\(seconds)")
        }
    }

    @Test func nothingIsTakenBeyondTwoBatches() {
        var book = WorkerBook(mostAtOnce: 16)
        #expect(book.wanted(at: 0) == 2)
        book.claimed(held(2), at: 0)
        #expect(book.wanted(at: 0) == 0)
    }

    @Test func idleWorkerAsksOnceAMinuteUnlessItHearsOfWork() {
        var book = WorkerBook(mostAtOnce: 1)
        book.claimed([], at: 100)
        #expect(book.nextMoment(after: 100) == 160)
        #expect(book.wanted(at: 159) == 0)
        #expect(book.wanted(at: 160) > 0)
        book.heardOfWork()
        #expect(book.wanted(at: 101) > 0)
    }

    @Test func signOfLifeIsDueEveryTenSecondsWhileSomethingIsInHand() {
        var book = WorkerBook(mostAtOnce: 1)
        #expect(!book.heartbeatIsDue(at: 1000))
        book.claimed(held(1), at: 1000)
        #expect(!book.heartbeatIsDue(at: 1009))
        #expect(book.heartbeatIsDue(at: 1010))
        #expect(book.nextMoment(after: 1001) <= 1010)
    }

    @Test func whatIsNotRenewedMayNotBeAnswered() {
        var book = WorkerBook(mostAtOnce: 4)
        let pieces = held(2)
        book.claimed(pieces, at: 0)
        #expect(book.renewed([pieces[0].piece], at: 10) == [pieces[1].piece])
        #expect(book.mayAnswer(pieces[0]))
        #expect(!book.mayAnswer(pieces[1]))
    }

    @Test func drainedWorkerTakesNothing() {
        var book = WorkerBook(mostAtOnce: 4)
        book.drain()
        #expect(book.wanted(at: 0) == 0)
    }

    @Test func triesToReachTheQueueGrowRarer() {
        var book = WorkerBook(mostAtOnce: 1)
        let pauses = (0..<8).map { _ in book.couldNotReach() }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60])
    }
}

@Suite struct OfferBookTests {
    @Test func nothingIsOfferedToNobody() {
        var book = OfferBook(window: .init(bytes: 100))
        #expect(!book.hasRoom)
        book.reached(.none)
        #expect(!book.hasRoom)
        book.reached(.init(workers: 1, batches: 1))
        #expect(book.hasRoom)
        book.lostConnection()
        #expect(!book.hasRoom)
    }

    @Test func windowIsBoundedInBytesAndRows() {
        var book = OfferBook(window: .init(bytes: 100))
        book.reached(.init(workers: 100, batches: 1000))
        book.offer(PieceID(), bytes: 99)
        #expect(book.hasRoom)
        let last = PieceID()
        book.offer(last, bytes: 50)
        #expect(!book.hasRoom)
        book.ended(last)
        book.ended(last)
        #expect(book.offeredBytes == 99)
        book.reached(.init(workers: 1, batches: 1))
        for _ in 0..<2 { book.offer(PieceID(), bytes: 0) }
        #expect(!book.hasRoom)
    }

    @Test func bothSidesAreMadeToAgree() {
        var book = OfferBook(window: .init(bytes: 100))
        let (both, lost, strange, answered) = (PieceID(), PieceID(), PieceID(), PieceID())
        let settlement = book.settle(
            entrusted: [both, lost, answered], lying: [both: 5, strange: 7], answered: [answered])
        #expect(settlement.withdrawn == [strange])
        #expect(settlement.released == [lost])
        #expect(book.offeredBytes == 5)
        #expect(Set(book.offered.keys) == [both, answered])
    }
}
