@testable import RemoteWork

/// The database as a state machine: what the functions of `QueueSchema` do, without SQL.
struct SimulatedQueue {
    struct Piece {
        var holder: Int?
        var attempt: Int64 = 0
        var leasedUntil = 0.0
        var claimedAt = 0.0
        var hasPixels = true
        var losses = 0
        var refusedBy: Set<Int> = []
        var offeredAt: Double
        /// What the pixels show: a work, as it was wanted when they were decoded.
        let wish: Wish
    }

    struct Answer {
        var wish: Wish
        var isFailure: Bool
        var worker: Int?
    }

    struct Worker {
        var seenAt = 0.0
        var pausedUntil = 0.0
        var streak = 0
        var faults = 0
        var hasLeft = false
    }

    var now = 0.0
    private(set) var pieces: [PieceID: Piece] = [:]
    private(set) var answers: [PieceID: Answer] = [:]
    private(set) var workers: [Int: Worker] = [:]

    mutating func insert(_ piece: PieceID, _ wish: Wish) {
        pieces[piece] = Piece(offeredAt: now, wish: wish)
    }

    mutating func delete(_ gone: some Sequence<PieceID>) {
        for piece in gone { pieces[piece] = nil }
    }
    mutating func forget(_ gone: some Sequence<PieceID>) {
        for piece in gone { answers[piece] = nil }
    }

    var lying: [PieceID: Int] { pieces.filter(\.value.hasPixels).mapValues { _ in 1 } }

    mutating func dropPiecesWithoutPixels() { pieces = pieces.filter(\.value.hasPixels) }

    mutating func withdrawIdle(all: Bool) -> [PieceID] {
        let gone = pieces.filter { _, piece in
            piece.holder == nil
                && (all || piece.offeredAt < now - 900
                    || !piece.refusedBy.isEmpty && piece.offeredAt < now - 60)
        }.map(\.key)
        delete(gone)
        return gone
    }

    mutating func enlist(_ worker: Int) { workers[worker] = Worker(seenAt: now) }

    var workforce: OfferBook.Workforce {
        let there = workers.values.count {
            !$0.hasLeft && $0.seenAt > now - Double(QueueSchema.presentSeconds)
                && $0.pausedUntil <= now
        }
        return .init(workers: there, batches: there)
    }

    mutating func takeBack() {
        for (id, piece) in pieces where piece.holder != nil && piece.leasedUntil < now {
            pieces[id]?.holder = nil
            pieces[id]?.losses += 1
            if piece.losses + 1 >= QueueSchema.mostLosses {
                pieces[id] = nil
                answers[id] = Answer(wish: piece.wish, isFailure: true)
            }
        }
    }

    mutating func claim(_ worker: Int, most: Int) -> [WorkerBook.Held] {
        workers[worker]?.seenAt = now
        workers[worker]?.hasLeft = false
        takeBack()
        guard let state = workers[worker], state.pausedUntil <= now else { return [] }
        let room = min(most, QueueSchema.mostHeld - pieces.values.count { $0.holder == worker })
        let ready = pieces.filter {
            $0.value.holder == nil && $0.value.hasPixels && !$0.value.refusedBy.contains(worker)
        }.keys.prefix(max(room, 0))
        return ready.map { id in
            pieces[id]?.holder = worker
            pieces[id]?.attempt += 1
            pieces[id]?.claimedAt = now
            pieces[id]?.leasedUntil = now + Double(QueueSchema.leaseSeconds)
            return .init(piece: id, attempt: pieces[id]?.attempt ?? 0)
        }
    }

    func content(of piece: PieceID, _ worker: Int) -> Wish? {
        guard let found = pieces[piece], found.holder == worker, found.hasPixels else { return nil }
        return found.wish
    }

    mutating func renew(_ worker: Int, _ some: [PieceID]) -> Set<PieceID> {
        workers[worker]?.seenAt = now
        let still = some.filter {
            pieces[$0]?.holder == worker
                && (pieces[$0]?.claimedAt ?? 0) > now - Double(QueueSchema.mostHours) * 3600
        }
        for piece in still { pieces[piece]?.leasedUntil = now + Double(QueueSchema.leaseSeconds) }
        return Set(still)
    }

    private func holds(_ worker: Int, _ held: WorkerBook.Held) -> Piece? {
        guard let piece = pieces[held.piece], piece.holder == worker, piece.attempt == held.attempt
        else { return nil }
        return piece
    }

    mutating func answer(_ worker: Int, _ held: WorkerBook.Held, _ wish: Wish) -> Bool {
        workers[worker]?.seenAt = now
        guard holds(worker, held) != nil else { return false }
        pieces[held.piece] = nil
        answers[held.piece] = Answer(wish: wish, isFailure: false, worker: worker)
        workers[worker]?.streak = 0
        workers[worker]?.faults = 0
        return true
    }

    mutating func fail(_ worker: Int, _ held: WorkerBook.Held) {
        guard let piece = holds(worker, held) else { return }
        let streak = (workers[worker]?.streak ?? 0) + 1
        workers[worker]?.streak = streak
        if streak >= QueueSchema.mostFailures { workers[worker]?.pausedUntil = now + 15 }
        if streak < QueueSchema.mostFailures || !piece.refusedBy.isEmpty {
            pieces[held.piece] = nil
            answers[held.piece] = Answer(wish: piece.wish, isFailure: true, worker: worker)
        } else {
            pieces[held.piece]?.holder = nil
            pieces[held.piece]?.refusedBy.insert(worker)
        }
    }

    mutating func giveBack(_ worker: Int, _ some: [PieceID], isFault: Bool) {
        for piece in some where pieces[piece]?.holder == worker { pieces[piece]?.holder = nil }
        if isFault { workers[worker]?.pausedUntil = now + 15 }
    }

    mutating func leave(_ worker: Int) {
        giveBack(worker, Array(pieces.keys), isFault: false)
        workers[worker]?.hasLeft = true
    }

    /// What a kill of the server leaves: everything that is logged.
    mutating func crash() { for piece in pieces.keys { pieces[piece]?.hasPixels = false } }
}

/// A work as it is wanted: once, and again each time that somebody asks for another description.
struct Wish: Hashable {
    var work: Int
    var turn: Int
}
