/// What a daemon decides about the pieces that it has in a queue; no more than values, so that tests can play through
/// what may happen.
///
/// The catalogue is what counts. A piece is *entrusted* to the queue in the catalogue before it is put into the queue,
/// and stays so until its answer is stored or it is taken back; so whatever either side has lost is found out by
/// comparing both.
public struct OfferBook: Sendable {
    /// Bounds on what lies in the queue.
    public struct Window: Equatable, Sendable {
        /// Pieces for each worker's batch: one in hand, one to go on with, and what the way takes.
        public var batches = 3
        /// Most pieces.
        public var rows = 8192
        /// Most bytes of pixels.
        public var bytes: Int

        /// Builds bounds.
        public init(bytes: Int) { self.bytes = bytes }
    }

    /// The workers that can follow the library's recipes and were heard of lately.
    public struct Workforce: Equatable, Sendable {
        /// How many.
        public var workers: Int
        /// Pieces that they take at a time, together.
        public var batches: Int

        /// Nobody.
        public static let none = Workforce(workers: 0, batches: 0)

        /// Builds it from its parts.
        public init(workers: Int, batches: Int) {
            self.workers = workers
            self.batches = batches
        }
    }

    /// Bounds.
    public let window: Window
    /// Who is there.
    public private(set) var workforce = Workforce.none
    /// Whether the queue can be reached.
    public private(set) var isConnected = false
    /// Bytes of each piece that lies in the queue, or may.
    public private(set) var offered: [PieceID: Int] = [:]
    /// The sum of those.
    public private(set) var offeredBytes = 0

    /// Builds an empty book.
    public init(window: Window) { self.window = window }

    /// Whether pictures are to be decoded for the queue: somebody is there to take them.
    public var isOpen: Bool { isConnected && workforce.workers > 0 }

    /// Whether another piece has room.
    public var hasRoom: Bool {
        isOpen && offered.count < min(max(workforce.batches * window.batches, 2), window.rows)
            && (offeredBytes < window.bytes)
    }

    /// The queue was reached, or somebody came or went.
    public mutating func reached(_ workforce: Workforce) {
        isConnected = true
        self.workforce = workforce
    }

    /// The queue is gone; what it holds is found out when it is back.
    public mutating func lostConnection() {
        isConnected = false
        workforce = .none
    }

    /// A piece is about to be put into the queue.
    public mutating func offer(_ piece: PieceID, bytes: Int) {
        guard offered.updateValue(bytes, forKey: piece) == nil else { return }
        offeredBytes += bytes
    }

    /// A piece is out of the queue, whatever became of it.
    public mutating func ended(_ piece: PieceID) {
        offeredBytes -= offered.removeValue(forKey: piece) ?? 0
    }

    /// What both sides have to do so that they agree.
    public struct Settlement: Equatable, Sendable {
        /// Pieces that the queue is to forget: the catalogue does not know them.
        public var withdrawn: Set<PieceID> = []
        /// Pieces whose work goes back in the catalogue: the queue has lost them.
        public var released: Set<PieceID> = []
    }

    /// Compares both sides.
    ///
    /// - Parameters:
    ///   - entrusted: Pieces that the catalogue has given to the queue.
    ///   - lying: Bytes of each piece whose pixels lie in the queue.
    ///   - answered: Pieces whose answers lie in it.
    /// - Returns: What is to be done.
    public mutating func settle(
        entrusted: Set<PieceID>, lying: [PieceID: Int], answered: Set<PieceID>
    ) -> Settlement {
        let inQueue = Set(lying.keys)
        let settlement = Settlement(
            withdrawn: inQueue.subtracting(entrusted),
            released: entrusted.subtracting(inQueue).subtracting(answered))
        offered = lying.filter { entrusted.contains($0.key) }
        for piece in answered where entrusted.contains(piece) && offered[piece] == nil {
            offered[piece] = 0
        }
        offeredBytes = offered.values.reduce(0, +)
        return settlement
    }

    /// What to do with an answer.
    public enum Verdict: Equatable, Sendable {
        /// It is what the catalogue waits for: store it.
        case store
        /// Nobody waits for it: it is old, or of another catalogue's past.
        case discard
    }

    /// Judges an answer.
    ///
    /// - Parameters:
    ///   - piece: What it answers.
    ///   - entrusted: Pieces that the catalogue has given to the queue and not taken back.
    /// - Returns: What to do with it.
    public static func judge(_ piece: PieceID, entrusted: Set<PieceID>) -> Verdict {
        entrusted.contains(piece) ? .store : .discard
    }
}
