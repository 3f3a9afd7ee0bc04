import Captioning
import Foundation
public import Logging
import RemoteWork
import Synchronization
public import SystemPackage
import WorkQueue

/// Works for other machines' libraries: takes pieces from a queue, asks this machine's model, answers.
///
/// One thread speaks to the queue and decides, by a `WorkerBook`; another one runs the model.
public final class RemoteWorker: StoppableWork {
    private let address: String
    private let name: String
    private let program: String
    private let logger: Logger
    private let idle: Duration
    private let model: WorkerModel
    private let bell = Bell()
    private let isStopped = Atomic(false)
    private let tasks = BoundedQueue<RemoteTask>(capacity: 2 * QueueSchema.mostHeld)
    private let outcomes = Mutex<[RemoteOutcome]>([])
    /// Pieces that are worth working on.
    private let wanted = Mutex<Set<WorkerBook.Held>>([])
    /// Bytes of pixels that are claimed together.
    private static let mostBytes = 64 << 20

    /// Prepares to work; the model is loaded now, so that what is wrong with it is said at once.
    ///
    /// - Parameters:
    ///   - address: A connection string of libpq.
    ///   - name: What people know this machine by.
    ///   - program: The program's version.
    ///   - folder: The model's.
    ///   - settings: Threads, and after which time the model's memory is given back.
    ///   - logger: Where messages go.
    /// - Throws: Errors of loading the model.
    public init(
        _ address: String, name: String, program: String, model folder: FilePath,
        settings: Settings,
        logger: Logger
    ) throws {
        self.address = address
        self.name = name
        self.program = program
        self.logger = logger
        idle = settings.idle
        model = try WorkerModel(
            folder: folder, settings: settings.captioning, threads: settings.threads)
        try model.load()
    }

    /// Works until `stop`.
    ///
    /// - Throws: `QueueError` where the queue is of another version, or cannot be used for another reason that does not
    ///   pass by itself.
    public func run() throws {
        let threads = ThreadGroup { [self] in stop() }
        threads.start("describing") { [self] in runModel() }
        defer {
            stop()
            try? threads.wait()
        }
        var state = State(book: WorkerBook(mostAtOnce: try model.batchSize()))
        while !stopped {
            do throws(QueueError) {
                let session = try WorkerSession(address, bell: bell)
                try serve(session, &state)
            } catch {
                if stopped || error == .interrupted { continue }
                if error.asksToEnlist {
                    state.identity = nil
                } else if !error.isPassing {
                    throw error
                } else if !state.hasSpoken {
                    logger.warning("\(error); trying again until it is back")
                    state.hasSpoken = true
                }
                bell.wait(for: .seconds(state.book.couldNotReach()))
            }
        }
    }

    /// Ends soon: what is in hand goes back.
    public func stop() {
        isStopped.store(true, ordering: .releasing)
        tasks.close()
        bell.ring()
    }

    private var stopped: Bool { isStopped.load(ordering: .acquiring) }

    /// What outlives a connection.
    private struct State {
        var book: WorkerBook
        var identity: WorkerSession.Identity?
        var recipes: [String: QueueRecipe] = [:]
        var hasSpoken = false
        var hasMissedModel = false
    }

    /// The present moment, for the book.
    private var now: Double { (ContinuousClock.now - Self.start) / .seconds(1) }
    private static let start = ContinuousClock.now

    private func serve(_ session: WorkerSession, _ state: inout State) throws(QueueError) {
        if state.identity == nil {
            state.identity = try session.enlist(
                name: name, program: program, model: model.identity.label)
            _ = state.book.enlistedAnew()
            state.recipes = [:]
            publishWanted(state)
        }
        guard let me = state.identity else { return }
        if state.hasSpoken { logger.notice("\(session.place) is there again") }
        state.hasSpoken = false
        logger.notice("working as \(me.name) for \(session.place) with \(model.identity.label)")
        state.book.heardOfWork()
        while !stopped {
            try send(session, me, &state)
            if state.book.heartbeatIsDue(at: now) { try beat(session, me, &state) }
            let count = state.book.wanted(at: now)
            if count > 0 { try claim(count, session, me, &state) }
            guard outcomes.withLock({ $0.isEmpty }), !stopped else { continue }
            let pause = max(state.book.nextMoment(after: now) - now, 0)
            if try session.wait(for: .seconds(pause)) { state.book.heardOfWork() }
        }
        try drain(session, me, &state)
    }

    /// Says what is done, and gives back what is not.
    private func drain(
        _ session: WorkerSession, _ me: WorkerSession.Identity, _ state: inout State
    ) throws(QueueError) {
        state.book.drain()
        try send(session, me, &state)
        try session.leave(me)
    }

    private func beat(
        _ session: WorkerSession, _ me: WorkerSession.Identity, _ state: inout State
    ) throws(QueueError) {
        let count = state.book.held.count
        let still = try session.renew(
            state.book.held.map(\.piece), doing: count == 0 ? "" : "describing \(count)",
            batch: state.book.batch, secondsEach: state.book.secondsEach, me)
        let lost = state.book.renewed(still, at: now)
        if !lost.isEmpty { logger.info("\(lost.count) pieces were given to others") }
        publishWanted(state)
    }

    private func claim(
        _ count: Int, _ session: WorkerSession, _ me: WorkerSession.Identity, _ state: inout State
    ) throws(QueueError) {
        if state.book.held.isEmpty || state.recipes.isEmpty { try learn(session, me, &state) }
        guard !state.recipes.isEmpty else { return state.book.claimed([], at: now) }
        let claims = try session.claim(
            Array(state.recipes.keys), most: count, bytes: Self.mostBytes, me)
        let wasIdle = state.book.held.isEmpty
        state.book.claimed(claims.map(\.held), at: now)
        publishWanted(state)
        try session.fetch(claims, me) { claim, bytes throws(QueueError) in
            guard let recipe = state.recipes[claim.recipe], let bytes else {
                return state.book.ended(claim.held)
            }
            do throws(BadBytes) {
                let task = RemoteTask(
                    held: claim.held, recipe: recipe, key: claim.recipe,
                    content: try PieceContent(bytes))
                _ = tasks.push(task)
            } catch {
                try session.fail(
                    claim.held, reason: "what was offered cannot be read: \(error)", me)
                state.book.ended(claim.held)
            }
        }
        if wasIdle || claims.isEmpty { try beat(session, me, &state) }
    }

    /// Finds out which recipes this machine can follow.
    private func learn(
        _ session: WorkerSession, _ me: WorkerSession.Identity, _ state: inout State
    ) throws(QueueError) {
        let asked = try session.recipes(me)
        let able = asked.filter(model.follows)
        let keys = Dictionary(able.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        if asked.isEmpty == false, able.isEmpty, !state.hasMissedModel {
            state.hasMissedModel = true
            let wanted = Set(
                asked.filter { $0.kind == .describe }.map {
                    "\($0.recipe.model)@\($0.recipe.version)"
                })
            let names = wanted.sorted().joined(separator: ", ")
            logger.warning(
                """
                nothing is done: the queue asks for \(names), and the model here is \(model.identity.label); copy the \
                model's folder from the machine that has it, and run the same version
                """)
        }
        if Set(keys.keys) != Set(state.recipes.keys) { try session.declare(Array(keys.keys), me) }
        state.recipes = keys
    }

    /// Tells the queue what became of pieces; each is forgotten once the queue has it.
    private func send(
        _ session: WorkerSession, _ me: WorkerSession.Identity, _ state: inout State
    ) throws(QueueError) {
        while let next = outcomes.withLock({ $0.first }) {
            switch next {
            case .answer: try sendAnswers(session, me, &state)
            case .failure(let held, let reason):
                if state.book.mayAnswer(held) { try session.fail(held, reason: reason, me) }
                logger.warning("a piece could not be described: \(reason)")
                state.book.ended(held)
                outcomes.withLock { _ = $0.removeFirst() }
            case .fault(let reason):
                logger.error("\(reason); what is in hand goes back")
                try session.giveBack(state.book.held.map(\.piece), fault: reason, me)
                state.book.paused(for: WorkerBook.idlePoll, at: now)
                publishWanted(state)
                outcomes.withLock { _ = $0.removeFirst() }
            }
        }
    }

    private func sendAnswers(
        _ session: WorkerSession, _ me: WorkerSession.Identity, _ state: inout State
    ) throws(QueueError) {
        let ready = outcomes.withLock { outcomes in
            outcomes.prefix(QueueSchema.mostHeld).prefix {
                if case .answer = $0 { true } else { false }
            }
        }
        var answers: [(held: WorkerBook.Held, content: [UInt8], seconds: Double)] = []
        for case .answer(let held, let content, let seconds) in ready
        where state.book.mayAnswer(held) {
            answers.append((held, content, seconds))
        }
        let accepted = answers.isEmpty ? [] : try session.answer(answers, me)
        let refused = answers.count - accepted.count
        if refused > 0 { logger.info("\(refused) answers came too late") }
        for case .answer(let held, _, let seconds) in ready {
            state.book.ended(held, seconds: seconds)
        }
        publishWanted(state)
        outcomes.withLock { $0.removeFirst(ready.count) }
    }

    private func publishWanted(_ state: borrowing State) {
        let held = state.book.held
        wanted.withLock { $0 = held }
    }

    /// Runs the model on what comes, several pictures of one recipe together.
    private func runModel() {
        while true {
            switch tasks.pop(until: model.isLoaded ? Date() + idle / .seconds(1) : nil) {
            case .closed: return
            case .timeout: model.unload()
            case .element(let first):
                let room = ((try? model.batchSize()) ?? 1) - 1
                let others =
                    first.content.isClip
                    ? []
                    : tasks.takeWaiting(upTo: room) { $0.key == first.key && !$0.content.isClip }
                let group = ([first] + others).filter { task in
                    wanted.withLock { $0.contains(task.held) }
                }
                guard !group.isEmpty, !stopped,
                    let results = model.work(on: group, shouldStop: { stopped })
                else { continue }
                outcomes.withLock { $0 += results }
                bell.ring()
            }
        }
    }
}
