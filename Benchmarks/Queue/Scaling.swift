import Foundation
import Imaging
import RemoteWork
import Synchronization
import WorkQueue

/// Workers that take so many seconds for a picture, each with a connection and a thread of its own, kept busy by one
/// library and one database; what each does is decided by `WorkerBook`, what is offered by `OfferBook`.
struct Scaling {
    let address: String
    let workers: Int
    let seconds: Double
    let minutes: Double
    let edge: Int

    func run() throws {
        let busy = Busy()
        let queue = try LibraryQueue(
            address, library: PieceID().bytes, program: "benchmark", bell: Bell())
        try queue.publish([Common.recipe])
        let began = ContinuousClock.now
        let measureFrom = began + .seconds(45)
        let end = measureFrom + .seconds(minutes * 60)
        for index in 0..<workers {
            Common.thread {
                // Not all at the same moment.
                usleep(UInt32(index % 200) * 50_000)
                // As real workers do, which wait and come again.
                while ContinuousClock.now < end {
                    do {
                        try work(index, busy, from: measureFrom, to: end)
                    } catch let error as QueueError where error.isPassing {
                        sleep(2)
                    }
                }
            }
        }
        var book = OfferBook(window: .init(bytes: 4 << 30))
        var nextLook = ContinuousClock.now
        var lastStored = 0
        let content = PieceContent.still(
            RGBImage(width: edge, height: edge, pixels: Common.pixels(edge))
        ).encoded
        while ContinuousClock.now < end {
            if ContinuousClock.now >= nextLook {
                book.reached(try queue.workforce([Common.recipe.key]))
                nextLook = .now + .seconds(5)
            }
            let answers = try queue.answers()
            for answer in answers {
                try PieceAnswer(answer.content).check(.describe, isClip: false, dimension: nil)
                book.ended(answer.piece)
            }
            try queue.forget(answers: answers.map(\.piece))
            if ContinuousClock.now >= measureFrom { lastStored += answers.count }
            var offers: [LibraryQueue.Offer] = []
            while book.hasRoom, offers.count < 32 {
                let piece = PieceID()
                book.offer(piece, bytes: content.count)
                offers.append(
                    .init(
                        piece: piece, recipe: Common.recipe.key, urgency: 0, isClip: false,
                        content: content))
            }
            try queue.offer(offers)
            if answers.isEmpty, offers.isEmpty { try queue.wait(for: .seconds(1)) }
        }
        let possible = Double(workers) * minutes * 60
        print(
            String(
                format:
                    "%d workers of %.0f s a picture of %d x %d: busy %.1f %% of %.0f s, %.1f pictures a second",
                workers, seconds, edge, edge, busy.seconds / possible * 100, minutes * 60,
                Double(lastStored) / (minutes * 60)))
        exit(0)
    }

    private func work(
        _ index: Int, _ busy: Busy, from: ContinuousClock.Instant, to end: ContinuousClock.Instant
    ) throws {
        let session = try WorkerSession(address, bell: Bell())
        // Machines have names of their own; where a thousand share one, each tries the numbers of all before it.
        let me = try session.enlist(
            name: "benchmark-\(index)", program: "benchmark", model: "at once@1")
        try session.declare([Common.recipe.key], me)
        var book = WorkerBook(mostAtOnce: 1)
        var waiting: [WorkerBook.Held] = []
        var current: (held: WorkerBook.Held, until: Double)?
        let start = ContinuousClock.now
        while ContinuousClock.now < end {
            var now = (ContinuousClock.now - start) / .seconds(1)
            if let (held, until) = current, now >= until {
                _ = try session.answer([(held, Common.answer, seconds)], me)
                book.ended(held, seconds: seconds)
                current = nil
            }
            if book.heartbeatIsDue(at: now) {
                let still = try session.renew(
                    book.held.map(\.piece), doing: "", batch: book.batch, secondsEach: seconds, me)
                let lost = book.renewed(still, at: now)
                waiting.removeAll { lost.contains($0.piece) }
            }
            if current == nil, let next = waiting.first {
                waiting.removeFirst()
                now = (ContinuousClock.now - start) / .seconds(1)
                current = (next, now + seconds)
                busy.add(seconds, at: .now, from, end)
            }
            let count = book.wanted(at: now)
            if count > 0 {
                let claims = try session.claim(
                    [Common.recipe.key], most: count, bytes: 64 << 20, me)
                book.claimed(claims.map(\.held), at: now)
                try session.fetch(claims, me) { claim, bytes throws(QueueError) in
                    if let bytes, (try? PieceContent(bytes)) != nil {
                        waiting.append(claim.held)
                    } else {
                        book.ended(claim.held)
                    }
                }
                if !claims.isEmpty { continue }
            }
            let next = min(current?.until ?? .infinity, book.nextMoment(after: now))
            if try session.wait(for: .seconds(max(next - now, 0.001))) { book.heardOfWork() }
        }
    }

    /// Seconds of work within the measured time, of all workers.
    final class Busy: Sendable {
        private let total = Mutex(0.0)
        var seconds: Double { total.withLock { $0 } }

        func add(
            _ seconds: Double, at moment: ContinuousClock.Instant, _ from: ContinuousClock.Instant,
            _ end: ContinuousClock.Instant
        ) {
            let last = min(moment + .seconds(seconds), end)
            let first = max(moment, from)
            if last > first { total.withLock { $0 += (last - first) / .seconds(1) } }
        }
    }
}
