import CKernels
import Glibc
import Processors
import Synchronization

/// Threads for the inner loops: awake between the products of a model, asleep when it rests.
///
/// The calling thread takes part. A call from a thread while another's is running, or from within
/// one, runs on the calling thread alone.
///
/// `@unchecked Sendable`: `body` and `level` are written by the caller that holds `isBusy`, before
/// `ticket` announces them, and read by those that drew one of its shares; they stand until all have
/// been done.
public final class ComputePool: @unchecked Sendable {
    /// The process's pool; as many threads as its processors are good for unless `ComputeThreads` says otherwise.
    public static let shared = ComputePool(
        threads: Processors.current.count, preferred: Processors.current.preferred)

    /// Most shares of one call: as many as a ticket can count.
    static let mostShares = 1 << 19
    /// How often a thread looks for more before it sleeps: some tens of microseconds.
    private static let patience = 4000

    private let isBusy = Atomic<Bool>(false)
    /// The call (24 bits), its shares (20 bits), and the share to be drawn next (20 bits).
    private let ticket = Atomic<UInt64>(0)
    private let unfinished = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let limit: Atomic<Int>
    private var body: ((Int) -> Void)?
    /// The instruction set that the calling thread was told to use; the others follow it.
    private var level = VK_UNFORCED
    private let started = Mutex(1)
    /// The quick processors where there are slower ones, too.
    private let preferred: [Int]?
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init(threads: Int, preferred: [Int]? = nil) {
        limit = Atomic(max(threads, 1))
        self.preferred = preferred
        mutex = .allocate(capacity: 1)
        condition = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    /// How many threads a call may use, the caller's own among them.
    public var threads: Int { limit.load(ordering: .relaxed) }

    func setThreads(_ count: Int) {
        limit.store(max(count, 1), ordering: .relaxed)
    }

    /// Runs `body` with every number below `count`, in any order, and returns when all are done.
    ///
    /// - Parameters:
    ///   - count: How many shares the work has.
    ///   - body: Does one share; must not wait for another.
    public func parallel(count: Int, _ body: @Sendable (Int) -> Void) {
        precondition(count < Self.mostShares)
        guard count > 1, threads > 1,
            isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
        else {
            for share in 0..<count { body(share) }
            return
        }
        startThreads()
        withoutActuallyEscaping(body) { body in
            self.body = body
            level = vk_forced_level()
            unfinished.store(count, ordering: .relaxed)
            announce(count)
            drawShares()
            while unfinished.load(ordering: .acquiring) > 0 { vk_pause() }
            self.body = nil
        }
        isBusy.store(false, ordering: .releasing)
    }

    /// Cuts a range into parts of at least so many, and runs `body` with each.
    func inShares(of count: Int, atLeast least: Int, _ body: @Sendable (Range<Int>) -> Void) {
        let shares = max(1, min(count / max(least, 1), 4 * threads))
        parallel(count: shares) { share in
            body(count * share / shares..<count * (share + 1) / shares)
        }
    }

    private func announce(_ count: Int) {
        let last = ticket.load(ordering: .relaxed) >> 40
        let next = (last &+ 1) & 0xff_ffff
        ticket.store(next << 40 | UInt64(count) << 20, ordering: .sequentiallyConsistent)
        guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Draws shares of the announced call and does them until there are none.
    private func drawShares() {
        while hasShares(ticket.load(ordering: .relaxed)) {
            let drawn = ticket.add(1, ordering: .acquiring).oldValue
            guard hasShares(drawn) else { return }
            vk_force_level(level)
            body?(Int(drawn & 0xf_ffff))
            unfinished.subtract(1, ordering: .releasing)
        }
    }

    private func hasShares(_ ticket: UInt64) -> Bool {
        ticket & 0xf_ffff < ticket >> 20 & 0xf_ffff
    }

    private func startThreads() {
        started.withLock { started in
            while started < threads {
                let index = started
                let thread = Thread(pool: self, index: index)
                guard thread.start() else { return }
                started += 1
            }
        }
    }

    fileprivate func work(as index: Int) -> Never {
        // Whoever asks for more threads than there are quick processors has the others run anywhere.
        if let preferred, index < preferred.count {
            ProcessorAffinity.keepThisThread(to: preferred)
        }
        while true {
            for _ in 0..<Self.patience where !mayDraw(index) { vk_pause() }
            if mayDraw(index) { drawShares() } else { sleep(index) }
        }
    }

    private func mayDraw(_ index: Int) -> Bool {
        index < threads && hasShares(ticket.load(ordering: .relaxed))
    }

    private func sleep(_ index: Int) {
        pthread_mutex_lock(mutex)
        sleepers.add(1, ordering: .sequentiallyConsistent)
        // Looked at again after saying so: a call that did not see the sleeper is seen here.
        while !(index < threads && hasShares(ticket.load(ordering: .sequentiallyConsistent))) {
            pthread_cond_wait(condition, mutex)
        }
        sleepers.subtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(mutex)
    }
}

/// One of the pool's threads; it lives as long as the process.
private final class Thread {
    private let pool: ComputePool
    private let index: Int
    private static let stackBytes = 1 << 20

    init(pool: ComputePool, index: Int) {
        self.pool = pool
        self.index = index
    }

    /// Starts it; whether the system gave us one.
    func start() -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, Self.stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var identifier = pthread_t()
        let me = Unmanaged.passRetained(self)
        let code = pthread_create(
            &identifier, &attributes,
            { argument in
                guard let argument else { return nil }
                let thread = Unmanaged<Thread>.fromOpaque(argument).takeRetainedValue()
                thread.pool.work(as: thread.index)
            }, me.toOpaque())
        if code != 0 { me.release() }
        return code == 0
    }
}
