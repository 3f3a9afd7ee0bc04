import Foundation

/// Hands values from producing threads to consuming threads; a full queue holds producers back.
///
/// It is full when it holds as many values, or as many bytes, as it may; a single value always fits,
/// however large it is.
///
/// `@unchecked Sendable`: every access to the state happens under `condition`'s lock.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private let capacity: Int
    private let byteCapacity: Int
    private let byteCount: @Sendable (Element) -> Int
    private let onArrival: @Sendable () -> Void
    /// Bytes of all elements.
    private var bytes = 0
    private var elements: [Element] = []
    private var isClosed = false

    /// What waiting for a value came to.
    enum Arrival {
        /// A value.
        case element(Element)
        /// Nothing came in time.
        case timeout
        /// The queue is closed and empty.
        case closed
    }

    /// Makes an empty queue.
    ///
    /// - Parameters:
    ///   - capacity: Most values that it holds.
    ///   - bytes: Most bytes that several values together may take.
    ///   - byteCount: The bytes of a value.
    ///   - onArrival: Called for each value that has come in, for whoever waits for other things as well.
    init(
        capacity: Int, bytes: Int = .max,
        byteCount: @escaping @Sendable (Element) -> Int = { _ in 0 },
        onArrival: @escaping @Sendable () -> Void = {}
    ) {
        precondition(capacity > 0, "a queue holds something")
        self.capacity = capacity
        byteCapacity = bytes
        self.byteCount = byteCount
        self.onArrival = onArrival
    }

    /// Appends a value, waiting for room; `false` if the queue was closed meanwhile.
    func push(_ element: Element) -> Bool {
        let size = byteCount(element)
        condition.lock()
        defer { condition.unlock() }
        while !hasRoom(for: size) && !isClosed { condition.wait() }
        guard !isClosed else { return false }
        elements.append(element)
        bytes += size
        condition.broadcast()
        onArrival()
        return true
    }

    /// Takes the oldest value, waiting for one until `deadline` (for ever where `nil`).
    func pop(until deadline: Date? = nil) -> Arrival {
        condition.lock()
        defer { condition.unlock() }
        while elements.isEmpty && !isClosed {
            guard let deadline else {
                condition.wait()
                continue
            }
            if !condition.wait(until: deadline) && elements.isEmpty && !isClosed {
                return .timeout
            }
        }
        guard !elements.isEmpty else { return .closed }
        let element = elements.removeFirst()
        bytes -= byteCount(element)
        condition.broadcast()
        return .element(element)
    }

    /// Takes the oldest values that are there already, without waiting.
    ///
    /// - Parameters:
    ///   - limit: At most so many.
    ///   - isWanted: Asked of each; ends at the first that is not wanted.
    /// - Returns: the values in their order; none where nothing is there.
    func takeWaiting(upTo limit: Int, while isWanted: (Element) -> Bool) -> [Element] {
        condition.lock()
        defer { condition.unlock() }
        let taken = Array(elements.prefix(max(limit, 0)).prefix(while: isWanted))
        guard !taken.isEmpty else { return [] }
        elements.removeFirst(taken.count)
        bytes -= taken.reduce(0) { $0 + byteCount($1) }
        condition.broadcast()
        return taken
    }

    private func hasRoom(for size: Int) -> Bool {
        elements.isEmpty || (elements.count < capacity && size <= byteCapacity - bytes)
    }

    /// Lets no more values in; those inside can still be taken.
    func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        condition.broadcast()
    }
}
