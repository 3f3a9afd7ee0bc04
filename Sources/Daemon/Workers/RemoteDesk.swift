import Captioning
import Catalogue
import Foundation
import Logging
import RemoteWork
import WorkQueue

/// Speaks to the queue by which other machines help: puts pixels into it and fetches what they made of them.
///
/// Whatever happens to the queue, this machine's own model goes on; what the queue holds then is done again. Runs on a
/// thread of its own. What is decided is in `OfferBook`, what becomes of answers in `RemoteDesk+Collecting.swift`.
struct RemoteDesk {
    let context: PipelineContext
    let gate: WorkersGate
    let address: String
    /// Most bytes of pixels that lie in the queue.
    let window: Int
    /// The program's version, for people who look.
    let program: String
    let report = HelpReport()

    /// Pieces that are put into the queue in one transaction, and bytes of them.
    private static let mostAtOnce = 64
    /// How long to wait for a queue that is gone before its work is done here.
    private static let patience = Duration.seconds(60)
    /// Between two tries to reach it.
    private static let pauses = [1, 2, 5, 10, 30].map { Duration.seconds($0) }

    /// Works until the pipeline stops.
    ///
    /// - Throws: `CatalogueError`.
    func run() throws {
        defer {
            giveBackWaiting()
            // Whoever looks is not told of machines that nobody asks any more.
            try? publish(HelpFromOthers())
        }
        var book = OfferBook(window: .init(bytes: window))
        context.clock.taken(try entrusted().count)
        var lostAt: ContinuousClock.Instant? = .now
        var hasSpoken = false
        var tries = 0
        while !context.signal.stopped {
            do {
                let queue = try LibraryQueue(
                    address,
                    library: try catalogue { () throws(CatalogueError) in
                        try context.catalogue.identity()
                    },
                    program: program, bell: gate.bell)
                if hasSpoken {
                    context.logger.notice("\(queue.place) is there: other machines help again")
                }
                (hasSpoken, tries, lostAt) = (false, 0, nil)
                try serve(queue, &book)
            } catch let error as QueueError {
                book.lostConnection()
                gate.set(open: false)
                giveBackWaiting()
                guard !context.signal.stopped else { return }
                if !hasSpoken, error != .interrupted {
                    try publish(problem: error)
                    context.logger.warning(
                        "\(error); this machine describes without others until that is mended")
                    hasSpoken = true
                }
                lostAt = lostAt ?? .now
                if let since = lostAt, ContinuousClock.now - since > Self.patience {
                    try takeEverythingBack()
                }
                gate.bell.wait(for: Self.pauses[min(tries, Self.pauses.count - 1)])
                tries += 1
            }
        }
    }

    /// Works for as long as the queue can be reached.
    private func serve(_ queue: LibraryQueue, _ book: inout OfferBook) throws {
        var recipes: RemoteRecipes?
        var nextLook = ContinuousClock.now
        while !context.signal.stopped {
            if recipes?.isOf(context) != true {
                let fresh = try RemoteRecipes(context)
                try queue.publish(fresh.published)
                recipes = fresh
                nextLook = .now
            }
            guard let recipes else { return }
            let collected = try collect(queue, recipes, &book)
            // Otherwise work would be offered to whoever pauses, and lie there until the next look.
            if collected == .badAnswers { nextLook = .now }
            if ContinuousClock.now >= nextLook {
                try look(queue, recipes, &book)
                nextLook = .now + (book.offered.isEmpty ? .seconds(60) : .seconds(10))
            }
            let isOffered = try offer(queue, recipes, &book)
            guard collected == .nothing, !isOffered, !context.signal.stopped else { continue }
            let start = ContinuousClock.now
            try queue.wait(for: max(nextLook - start, .zero))
            // Whoever rang or notified may have come or gone; more than once a second nobody looks.
            let isClosed = !book.isOpen
            if isClosed { nextLook = min(nextLook, max(.now, start + .seconds(1))) }
        }
    }

    /// Finds out who is there, and compares what both sides have.
    private func look(_ queue: LibraryQueue, _ recipes: RemoteRecipes, _ book: inout OfferBook)
        throws
    {
        let before = book.isOpen
        book.reached(try queue.workforce(recipes.published.map(\.key)))
        let contents = try queue.contents()
        let entrusted = try entrusted()
        let settlement = book.settle(
            entrusted: Set(entrusted.keys), lying: contents.lying, answered: contents.answered)
        try queue.withdraw(settlement.withdrawn)
        try takeBack(settlement.released.compactMap { entrusted[$0] })
        let idle = try queue.withdrawIdle(all: !book.isOpen)
        idle.forEach { book.ended($0) }
        try takeBack(idle.compactMap { entrusted[$0] })
        gate.set(open: book.isOpen)
        if !book.isOpen { giveBackWaiting() }
        try publish(HelpReport.help(try queue.overview()))
        if before != book.isOpen {
            context.logger.info(
                book.isOpen
                    ? "other machines are there to help: \(book.workforce.workers)"
                    : "no other machine helps")
        }
    }

    /// Puts what waits into the queue, as far as there is room.
    ///
    /// - Returns: Whether there was anything.
    private func offer(
        _ queue: LibraryQueue, _ recipes: RemoteRecipes, _ book: inout OfferBook
    ) throws -> Bool {
        var orders: [(piece: PieceID, order: RemoteOrder, lease: WorkLease, recipe: String)] = []
        while orders.count < Self.mostAtOnce, book.hasRoom,
            let order = gate.takeWaiting(upTo: 1).first
        {
            guard let lease = order.assignment.work, let recipe = recipes.key(of: lease) else {
                try context.giveBack(order.assignment, "the model was replaced")
                continue
            }
            let piece = PieceID()
            book.offer(piece, bytes: order.content.byteCount)
            orders.append((piece, order, lease, recipe))
        }
        guard !orders.isEmpty else { return false }
        let stood = try catalogue { () throws(CatalogueError) in
            try context.catalogue.entrust(
                orders.map {
                    Entrusting(
                        lease: $0.lease, token: $0.piece.description, signature: $0.order.signature)
                })
        }
        var offers: [LibraryQueue.Offer] = []
        for order in orders {
            guard stood.contains(order.piece.description) else {
                book.ended(order.piece)
                context.log(order.order.assignment, "superseded")
                continue
            }
            context.logger.debug("work \(order.lease.id): offered as \(order.piece)")
            offers.append(
                LibraryQueue.Offer(
                    piece: order.piece, recipe: order.recipe,
                    urgency: Int64(order.lease.priority.rawValue),
                    isClip: order.order.content.isClip,
                    content: order.order.content.encoded))
        }
        try queue.offer(offers)
        report.count(\.offered, offers.count)
        return true
    }

    /// Tells whoever looks at the page.
    private func publish(_ help: HelpFromOthers) throws(CatalogueError) {
        try report.publish(help) { help, counts throws(CatalogueError) in
            try catalogue { () throws(CatalogueError) in
                try context.catalogue.note(help, adding: counts)
            }
        }
    }

    private func publish(problem: QueueError) throws(CatalogueError) {
        var help = HelpFromOthers()
        (help.place, help.problem) = ("", "\(problem)")
        try publish(help)
    }

    /// What other machines have, by its number.
    func entrusted() throws -> [PieceID: EntrustedWork] {
        let works = try catalogue { () throws(CatalogueError) in try context.catalogue.entrusted() }
        return Dictionary(
            works.compactMap { work in PieceID(hexadecimal: work.token).map { ($0, work) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// Lets this machine do what others had.
    func takeBack(_ works: [EntrustedWork]) throws {
        guard !works.isEmpty else { return }
        try catalogue { () throws(CatalogueError) in try context.catalogue.takeBack(works) }
        for _ in works { context.clock.letGo() }
        context.signal.notify()
    }

    private func takeEverythingBack() throws { try takeBack(Array(try entrusted().values)) }

    /// Gives back what was decoded for others and nobody takes.
    private func giveBackWaiting() {
        while let order = gate.takeWaiting(upTo: 1).first {
            // The way out of an error, too; opening the catalogue again puts back what is left.
            try? context.giveBack(order.assignment)
        }
    }

    func catalogue<Value>(_ body: () throws(CatalogueError) -> Value) throws(CatalogueError)
        -> Value
    {
        try context.patience.run(body)
    }
}
