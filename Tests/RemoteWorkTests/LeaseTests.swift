import TestSupport
import Testing
import WorkQueue

@testable import RemoteWork

extension DatabaseTests {
    @Suite struct LeaseTests {
        @Test func answerGoesFromTheWorkerToTheLibraryAndLeavesNothingBehind() throws {
            let bench = try QueueBench()
            let pieces = try bench.offer(3)
            let worker = try bench.worker()
            let claims = try worker.claim(2)
            #expect(claims.count == 2)
            #expect(try worker.session.content(of: claims[0].piece, worker.me) != nil)
            #expect(try worker.answer(claims[0], "a boat"))
            let answers = try bench.library.answers()
            #expect(answers.map(\.piece) == [claims[0].piece])
            #expect(try PieceAnswer(answers[0].content).texts.map(\.text) == ["a boat"])
            #expect(answers[0].worker == "w")
            try bench.library.forget(answers: [claims[0].piece])
            let contents = try bench.library.contents()
            #expect(Set(contents.lying.keys) == Set(pieces).subtracting([claims[0].piece]))
            #expect(contents.answered.isEmpty)
            #expect(try bench.database.query("SELECT count(*) FROM vignette.pixels") == ["2"])
        }

        @Test func noTwoWorkersGetTheSamePiece() throws {
            let bench = try QueueBench()
            try bench.offer(10)
            let workers = try (0..<3).map { try bench.worker(name: "w\($0)") }
            var claimed: [PieceID] = []
            for turn in 0..<10 { claimed += try workers[turn % 3].claim().map(\.piece) }
            #expect(Set(claimed).count == 10)
            #expect(try workers[0].claim().isEmpty)
        }

        @Test func answerOfAnEarlierClaimIsRefused() throws {
            let bench = try QueueBench()
            try bench.offer()
            let (slow, quick) = (try bench.worker(name: "slow"), try bench.worker(name: "quick"))
            let late = try #require(try slow.claim().first)
            try bench.letLeasesEnd()
            let fresh = try #require(try quick.claim().first)
            #expect(fresh.piece == late.piece && fresh.attempt > late.attempt)
            #expect(try !slow.answer(late, "late"))
            #expect(try slow.session.content(of: late.piece, slow.me) == nil)
            #expect(try quick.answer(fresh, "fresh"))
            #expect(try !quick.answer(fresh, "twice"))
            let answers = try bench.library.answers()
            #expect(try answers.map { try PieceAnswer($0.content).texts[0].text } == ["fresh"])
        }

        @Test func ownEarlierClaimOfTheSamePieceIsRefused() throws {
            let bench = try QueueBench()
            try bench.offer()
            let worker = try bench.worker()
            let first = try #require(try worker.claim().first)
            try bench.letLeasesEnd()
            let second = try #require(try worker.claim().first)
            #expect(try !worker.answer(first))
            #expect(try worker.answer(second))
        }

        @Test func heartbeatKeepsWhatNobodyElseHasTaken() throws {
            let bench = try QueueBench()
            try bench.offer(2)
            let (one, other) = (try bench.worker(name: "one"), try bench.worker(name: "other"))
            let held = try one.claim(2)
            try bench.letLeasesEnd()
            let still = try one.session.renew(
                held.map(\.piece), doing: "", batch: 2, secondsEach: 1, one.me)
            #expect(still == Set(held.map(\.piece)))
            #expect(try other.claim(2).isEmpty)
            try bench.letLeasesEnd()
            #expect(try other.claim(1).count == 1)
            let left = try one.session.renew(
                held.map(\.piece), doing: "", batch: 2, secondsEach: 1, one.me)
            #expect(left.count < 2)
        }

        @Test func pieceCannotBeHeldForEverByHeartbeats() throws {
            let bench = try QueueBench()
            try bench.offer()
            let worker = try bench.worker()
            let held = try worker.claim()
            try bench.database.query(
                "UPDATE vignette.piece SET claimed_at = now() - interval '3 hours'")
            let still = try worker.session.renew(
                held.map(\.piece), doing: "", batch: 1, secondsEach: nil, worker.me)
            #expect(still.isEmpty)
        }

        @Test func pieceThatManyWorkersWentAwayWithIsToldToHaveFailed() throws {
            let bench = try QueueBench()
            let piece = try bench.offer()[0]
            for turn in 0..<QueueSchema.mostLosses {
                #expect(try bench.worker(name: "w\(turn)").claim().count == 1)
                try bench.letLeasesEnd()
            }
            _ = try bench.library.workforce([QueueBench.recipe.key])
            let answers = try bench.library.answers()
            #expect(answers.map(\.piece) == [piece])
            #expect(answers.allSatisfy { $0.isFailure && $0.worker.isEmpty })
        }

        @Test func workerThatLeavesGivesEverythingBackAtOnce() throws {
            let bench = try QueueBench()
            try bench.offer(2)
            let (one, other) = (try bench.worker(name: "one"), try bench.worker(name: "other"))
            #expect(try one.claim(2).count == 2)
            try one.session.leave(one.me)
            #expect(try other.claim(2).count == 2)
            #expect(try bench.library.workforce([QueueBench.recipe.key]).workers == 1)
        }

        @Test func crashOfTheDatabaseLosesPixelsAndNoAnswer() throws {
            let bench = try QueueBench()
            try bench.offer(3)
            let worker = try bench.worker()
            #expect(try worker.answer(try #require(try worker.claim().first)))
            try bench.database.crash()
            let library = try QueueBench.connect(bench.database)
            let contents = try library.contents()
            #expect(contents.lying.isEmpty)
            #expect(contents.answered.count == 1)
        }

        @Test func restartOfTheDatabaseLosesNothing() throws {
            let bench = try QueueBench()
            try bench.offer(3)
            try bench.database.restart()
            #expect(throws: QueueError.self) { try bench.library.answers() }
            #expect(try QueueBench.connect(bench.database).contents().lying.count == 3)
            let worker = try bench.worker()
            #expect(try worker.claim(5).count == 3)
        }

        @Test func nobodySpeaksForALibraryBesideAnother() throws {
            let bench = try QueueBench()
            let second = try QueueBench.connect(bench.database)
            #expect(throws: QueueError.self) { try bench.offer() }
            #expect(try second.workforce([]).workers == 0)
        }
    }
}
