import TestSupport
import Testing

@testable import RemoteWork

extension DatabaseTests {
    @Suite struct FaultTests {
        @Test func failureOfAGoodWorkerCounts() throws {
            let bench = try QueueBench()
            let piece = try bench.offer()[0]
            let worker = try bench.worker()
            let held = try #require(try worker.claim().first)
            try worker.session.fail(held, reason: "no picture", worker.me)
            let answers = try bench.library.answers()
            #expect(answers.map(\.piece) == [piece])
            #expect(answers[0].isFailure)
            #expect(String(decoding: answers[0].content, as: UTF8.self) == "no picture")
        }

        @Test func workerThatOnlyEverFailsIsPausedAndItsPiecesGoToOthersUncounted() throws {
            let bench = try QueueBench()
            try bench.offer(6)
            let (bad, good) = (try bench.worker(name: "bad"), try bench.worker(name: "good"))
            for held in try bad.claim(6) { try bad.session.fail(held, reason: "always", bad.me) }
            // Two may have been the pictures' fault; of the others nothing is believed.
            #expect(try bench.library.answers().count == QueueSchema.mostFailures - 1)
            #expect(try bad.claim().isEmpty)
            #expect(try good.claim(6).count == 6 - (QueueSchema.mostFailures - 1))
            let pause = try bench.database.query(
                "SELECT paused_until > now() FROM vignette.worker WHERE name = 'bad'")
            #expect(pause == ["t"])
        }

        @Test func pictureThatTwoWorkersFailWithHasFailed() throws {
            let bench = try QueueBench()
            let (bad, good) = (try bench.worker(name: "bad"), try bench.worker(name: "good"))
            try bench.database.query("UPDATE vignette.worker SET streak = 5")
            let piece = try bench.offer()[0]
            for worker in [bad, good] {
                let held = try #require(try worker.claim().first)
                try worker.session.fail(held, reason: "no", worker.me)
            }
            #expect(try bench.library.answers().map(\.piece) == [piece])
        }

        @Test func workerNeverGetsAPieceAgainThatItWasDoubtedWith() throws {
            let bench = try QueueBench()
            let bad = try bench.worker()
            try bench.database.query("UPDATE vignette.worker SET streak = 5")
            try bench.offer()
            try bad.session.fail(try #require(try bad.claim().first), reason: "no", bad.me)
            try bench.database.query("UPDATE vignette.worker SET paused_until = NULL")
            #expect(try bad.claim().isEmpty)
        }

        @Test func faultOfTheWorkerGivesBackUncountedAndPausesIt() throws {
            let bench = try QueueBench()
            try bench.offer(2)
            let (full, other) = (try bench.worker(name: "full"), try bench.worker(name: "other"))
            let held = try full.claim(2)
            try full.session.giveBack(held.map(\.piece), fault: "the disk is full", full.me)
            #expect(try full.claim().isEmpty)
            #expect(try bench.library.answers().isEmpty)
            #expect(try other.claim(2).count == 2)
            #expect(try bench.database.query("SELECT max(losses) FROM vignette.piece") == ["0"])
        }

        @Test func answerMakesGoodWhatWasDoubted() throws {
            let bench = try QueueBench()
            try bench.offer(2)
            let worker = try bench.worker()
            let held = try worker.claim(2)
            try worker.session.fail(held[0], reason: "no", worker.me)
            #expect(try worker.answer(held[1]))
            #expect(try bench.database.query("SELECT streak FROM vignette.worker") == ["0"])
        }
    }
}
