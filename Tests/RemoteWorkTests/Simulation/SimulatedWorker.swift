@testable import RemoteWork

/// A worker as a state machine; what is decided is decided by the real `WorkerBook`.
struct SimulatedWorker {
    private(set) var book = WorkerBook(mostAtOnce: 4)
    private var identity: Int?
    private var pixels: [WorkerBook.Held: Wish] = [:]
    private var ready: [(WorkerBook.Held, Wish)] = []
    /// Fails with everything, whatever it shows.
    let alwaysFails: Bool

    init(alwaysFails: Bool) { self.alwaysFails = alwaysFails }

    mutating func kill() { self = SimulatedWorker(alwaysFails: alwaysFails) }

    /// One turn; `isLost`: the database does what it is asked, and the answer does not arrive.
    mutating func step(
        _ queue: inout SimulatedQueue, isLost: Bool, using random: inout some RandomNumberGenerator
    ) {
        let now = queue.now
        guard let me = identity else {
            let fresh = Int.random(in: 0..<Int.max, using: &random)
            queue.enlist(fresh)
            if !isLost {
                identity = fresh
                _ = book.enlistedAnew()
            }
            return
        }
        if book.heartbeatIsDue(at: now) {
            let still = queue.renew(me, book.held.map(\.piece))
            if isLost { return }
            let lost = book.renewed(still, at: now)
            pixels = pixels.filter { !lost.contains($0.key.piece) }
            return
        }
        if let (held, wish) = ready.first {
            if book.mayAnswer(held) {
                if alwaysFails { queue.fail(me, held) } else { _ = queue.answer(me, held, wish) }
                // It will be answered once more, which has to be harmless.
                if isLost { return }
            }
            book.ended(held, seconds: 3)
            ready.removeFirst()
            return
        }
        let count = book.wanted(at: now)
        if count > 0 {
            let claims = queue.claim(me, most: count)
            if isLost { return }
            book.claimed(claims, at: now)
            for held in claims {
                if let wish = queue.content(of: held.piece, me) {
                    pixels[held] = wish
                } else {
                    book.ended(held)
                }
            }
            return
        }
        if let (held, wish) = pixels.first {
            pixels[held] = nil
            ready.append((held, wish))
        }
    }

    /// Its disk is full, or its model is gone.
    mutating func breakDown(_ queue: inout SimulatedQueue) {
        guard let me = identity else { return }
        queue.giveBack(me, book.held.map(\.piece), isFault: true)
        book.paused(for: 60, at: queue.now)
        (pixels, ready) = ([:], [])
    }

    mutating func drain(_ queue: inout SimulatedQueue) {
        if let me = identity { queue.leave(me) }
        kill()
    }
}
