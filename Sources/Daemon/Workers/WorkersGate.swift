import MediaDecoding
import RemoteWork
import Synchronization
import WorkQueue

/// Pixels on their way to other machines.
struct RemoteOrder: Sendable {
    var assignment: Assignment
    let content: PieceContent
    /// What a still is compared by with others.
    let signature: StoredSignature?
}

/// What the threads that decode for other machines share with the thread that speaks to the queue.
final class WorkersGate: Sendable {
    /// Rings when there is something to be done.
    let bell = Bell()
    /// Clips up to here are offered; a frame of each second is what one piece can hold.
    static let mostSeconds = 90.0

    private let opened = Atomic(false)
    private let orders: BoundedQueue<RemoteOrder>
    private let signal: WakeSignal

    /// Builds a gate that is closed.
    ///
    /// - Parameter signal: Told when it opens.
    init(signal: WakeSignal) {
        self.signal = signal
        let bell = bell
        orders = BoundedQueue(
            capacity: 8, bytes: 64 << 20, byteCount: \.content.byteCount,
            onArrival: { bell.ring() })
    }

    /// Whether anything is to be decoded for others.
    var isOpen: Bool { opened.load(ordering: .acquiring) }

    /// Opens or closes it.
    func set(open: Bool) {
        guard opened.exchange(open, ordering: .acquiringAndReleasing) != open, open else { return }
        signal.notify()
    }

    /// Hands pixels over, waiting for room; `false` once everything ends.
    func push(_ order: RemoteOrder) -> Bool { orders.push(order) }

    /// What waits, without waiting for it.
    func takeWaiting(upTo count: Int) -> [RemoteOrder] {
        orders.takeWaiting(upTo: count) { _ in true }
    }

    /// Ends soon.
    func stop() {
        opened.store(false, ordering: .releasing)
        orders.close()
        bell.ring()
    }
}
