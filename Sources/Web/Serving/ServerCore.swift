import Synchronization

/// What all connections share.
struct ServerCore: Sendable {
    let handler: any RequestHandler
    let limits: ServerLimits
    /// Threads that look into the catalogue and into files.
    let requests: WorkerPool
    /// Threads that make pictures.
    let pictures: WorkerPool
    /// The thread that asks the model.
    let models: WorkerPool
    let connections: Turnstile
    let listeners: Turnstile
}

/// Counts how many are inside, up to a bound.
final class Turnstile: Sendable {
    private let inside = Mutex(0)
    private let bound: Int

    init(_ bound: Int) { self.bound = bound }

    /// Lets one in; `false` if it is full.
    func enter() -> Bool {
        inside.withLock { inside in
            guard inside < bound else { return false }
            inside += 1
            return true
        }
    }

    /// Lets one out.
    func leave() { inside.withLock { $0 -= 1 } }
}
