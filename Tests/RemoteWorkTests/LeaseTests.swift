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
            #expect(try worker.content(of: claims[0].piece) != nil)
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

        @Test func answersThatAreSentTogetherAreJudgedOneByOne() throws {
            let bench = try QueueBench()
            try bench.offer(4)
            let (one, other) = (try bench.worker(name: "one"), try bench.worker(name: "other"))
            let mine = try one.claim(3)
            let foreign = try #require(try other.claim().first)
            let late = WorkerBook.Held(piece: mine[2].piece, attempt: mine[2].attempt - 1)
            let unknown = WorkerBook.Held(piece: PieceID(), attempt: 1)
            let accepted = try one.session.answer(
                [mine[0], foreign, late, unknown, mine[1], mine[1]].map {
                    ($0, TestWorker.answer("a text"), 1)
                }, one.me)
            #expect(accepted == Set(mine.prefix(2).map(\.piece)))
            #expect(try Set(bench.library.answers().map(\.piece)) == accepted)
            #expect(
                try bench.database.query("SELECT done FROM vignette.worker WHERE name = 'one'")
                    == ["2"])
            #expect(try one.answer(mine[2]))
        }

        @Test func piecesAreFetchedInTheOrderOfTheirClaimsHoweverLargeTheyAre() throws {
            let bench = try QueueBench()
            let sizes = [5_000_000, 1, 5_000_000, 9_000_000, 700]
            let offers = sizes.enumerated().map { index, size in
                LibraryQueue.Offer(
                    piece: PieceID(), recipe: QueueBench.recipe.key, urgency: Int64(index),
                    isClip: false, content: [UInt8](repeating: UInt8(index), count: size))
            }
            try bench.library.offer(offers)
            let worker = try bench.worker()
            let claims = try worker.session.claim(
                [QueueBench.recipe.key], most: 10, bytes: 1 << 30, worker.me
            ).sorted { $0.bytes > $1.bytes }
            #expect(claims.map(\.bytes) == sizes.sorted(by: >))
            var seen: [WorkerBook.Held] = []
            try worker.session.fetch(claims, worker.me) { claim, bytes throws(QueueError) in
                seen.append(claim.held)
                let content = offers.first { $0.piece == claim.held.piece }?.content
                #expect(bytes == content)
            }
            #expect(seen == claims.map(\.held))
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
            #expect(try slow.content(of: late.piece) == nil)
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
