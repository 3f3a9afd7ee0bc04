@testable import RemoteWork

/// The catalogue and its daemon as state machines; what is decided is decided by the real `OfferBook`.
struct SimulatedLibrary {
    enum State: Equatable {
        case queued
        /// In this machine's hands.
        case local
        case entrusted(PieceID)
        case done
    }

    struct Work {
        var turn = 0
        var state = State.queued
        /// Answers that were stored of the present turn.
        var stored = 0
    }

    /// What must never be.
    struct Broken: Error { var description: String }

    private(set) var works: [Work]
    private var book = OfferBook(window: .init(bytes: 1000))
    private(set) var isConnected = false
    private var unreachableSince: Double?
    /// Decoded, and not yet put into the queue.
    private var waiting: [Int] = []
    /// Entrusted in the catalogue, and on the way into the queue.
    private var onTheWay: [(PieceID, Wish)] = []
    private(set) var stores = 0
    private(set) var discards = 0

    init(works count: Int) { works = (0..<count).map { _ in Work() } }

    var isDone: Bool { works.allSatisfy { $0.state == .done } }

    private var entrusted: [PieceID: Int] {
        var entrusted: [PieceID: Int] = [:]
        for (index, work) in works.enumerated() {
            if case .entrusted(let piece) = work.state { entrusted[piece] = index }
        }
        return entrusted
    }

    private func next() -> Int? { works.indices.first { works[$0].state == .queued } }

    /// Somebody asks for another description; what others still answer is void.
    mutating func redo(_ index: Int) throws {
        if works[index].state == .done, works[index].stored != 1 {
            throw Broken(description: "work \(index) is done with \(works[index].stored) answers")
        }
        works[index] = Work(turn: works[index].turn + 1)
        waiting.removeAll { $0 == index }
    }

    private mutating func store(_ index: Int) throws {
        works[index].stored += 1
        works[index].state = .done
        stores += 1
        if works[index].stored > 1 { throw Broken(description: "work \(index) is stored twice") }
    }

    /// This machine's own model.
    mutating func describeOne() throws {
        if let index = works.indices.first(where: {
            works[$0].state == .local && !waiting.contains($0)
        }) {
            try store(index)
        } else if let index = next() {
            works[index].state = .local
        }
    }

    mutating func kill() {
        for index in works.indices where works[index].state == .local {
            works[index].state = .queued
        }
        book = OfferBook(window: .init(bytes: 1000))
        (isConnected, waiting, onTheWay, unreachableSince) = (false, [], [], nil)
    }

    mutating func disconnect(at now: Double) {
        book.lostConnection()
        isConnected = false
        onTheWay = []
        for index in waiting { works[index].state = .queued }
        waiting = []
        unreachableSince = unreachableSince ?? now
        if now - (unreachableSince ?? now) > 60 {
            for index in entrusted.values { works[index].state = .queued }
        }
    }

    mutating func connect(_ queue: inout SimulatedQueue) {
        isConnected = true
        unreachableSince = nil
        look(&queue)
    }

    mutating func look(_ queue: inout SimulatedQueue) {
        queue.takeBack()
        book.reached(queue.workforce)
        queue.dropPiecesWithoutPixels()
        let entrusted = entrusted
        let settlement = book.settle(
            entrusted: Set(entrusted.keys), lying: queue.lying, answered: Set(queue.answers.keys))
        queue.delete(settlement.withdrawn)
        for piece in settlement.released {
            if let work = entrusted[piece] { works[work].state = .queued }
        }
        for piece in queue.withdrawIdle(all: !book.isOpen) {
            book.ended(piece)
            if let work = entrusted[piece] { works[work].state = .queued }
        }
    }

    /// Decodes one more for others.
    mutating func decode() {
        guard book.isOpen, waiting.count < 3, let index = next() else { return }
        works[index].state = .local
        waiting.append(index)
    }

    /// Gives what is decoded to the queue in the catalogue; a kill may come right behind.
    mutating func entrust(using random: inout some RandomNumberGenerator) {
        while book.hasRoom, let index = waiting.first {
            waiting.removeFirst()
            let piece = PieceID(using: &random)
            book.offer(piece, bytes: 1)
            works[index].state = .entrusted(piece)
            onTheWay.append((piece, Wish(work: index, turn: works[index].turn)))
        }
    }

    mutating func offer(_ queue: inout SimulatedQueue) {
        for (piece, wish) in onTheWay { queue.insert(piece, wish) }
        onTheWay = []
    }

    /// Stores answers; whether all came to be forgotten in the queue is somebody else's matter.
    mutating func collect(_ queue: SimulatedQueue, most: Int) throws -> [PieceID] {
        let answers = queue.answers.prefix(most)
        let entrusted = entrusted
        for (piece, answer) in answers {
            guard OfferBook.judge(piece, entrusted: Set(entrusted.keys)) == .store,
                let index = entrusted[piece]
            else {
                discards += 1
                continue
            }
            guard answer.wish == Wish(work: index, turn: works[index].turn) else {
                throw Broken(description: "a stale answer was accepted for work \(index)")
            }
            if answer.isFailure { works[index].state = .queued } else { try store(index) }
        }
        return answers.map(\.key)
    }

    mutating func forgot(_ pieces: [PieceID]) { pieces.forEach { book.ended($0) } }
}
