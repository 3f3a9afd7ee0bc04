public import Foundation

/// Who works for a queue, and what lies in it.
public struct QueueOverview: Sendable {
    /// A worker.
    public struct Worker: Codable, Equatable, Sendable {
        /// Its name.
        public var name: String
        /// The login that it uses.
        public var login: String
        /// `working`, `idle`, `paused`, `silent` or `gone`.
        public var state: String
        /// What it says that it does.
        public var doing: String
        /// The version of its program.
        public var program: String
        /// Its model, as `name@version`.
        public var model: String
        /// Whether it can follow a recipe that the queue asks for.
        public var isAble: Bool
        /// Pieces in its hands.
        public var held: Int
        /// Pieces that it has answered.
        public var done: Int
        /// Pieces that it could not describe.
        public var failed: Int
        /// Seconds that a picture takes it.
        public var secondsEach: Double?
        /// When it was last heard of, by the database's clock.
        public var lastWord: Date
        /// Until when it pauses.
        public var pausedUntil: Date?
    }

    /// Where the queue is.
    public var place: String
    /// The workers, by name.
    public var workers: [Worker]
    /// Pieces that wait for a worker.
    public var waiting: Int
    /// Pieces in the hands of workers.
    public var held: Int
    /// Answers that wait for a daemon.
    public var answered: Int
    /// Bytes of pixels.
    public var bytes: Int
    /// The database's present moment.
    public var now: Date

    /// Looks.
    ///
    /// - Parameter address: A connection string, of a login that may offer work.
    /// - Throws: `QueueError`.
    public init(_ address: String) throws(QueueError) {
        let connection = try DatabaseConnection(address, name: "vignette workers", bell: Bell())
        try connection.checkVersion()
        try self.init(connection)
    }

    init(_ connection: DatabaseConnection) throws(QueueError) {
        place = connection.place
        let totals = try connection.run(
            """
            SELECT count(*) FILTER (WHERE worker IS NULL), count(*) FILTER (WHERE worker IS NOT NULL),
                (SELECT count(*) FROM vignette.answer), coalesce(sum(bytes), 0)::int8,
                extract(epoch FROM now())::float8
            FROM vignette.piece
            """)
        waiting = Int(try totals.int(0, 0))
        held = Int(try totals.int(0, 1))
        answered = Int(try totals.int(0, 2))
        bytes = Int(try totals.int(0, 3))
        now = Date(timeIntervalSince1970: try totals.double(0, 4) ?? 0)
        workers = try Self.workers(connection)
    }

    private static func workers(_ connection: DatabaseConnection) throws(QueueError) -> [Worker] {
        let rows = try connection.run(
            """
            SELECT name, login::text, CASE
                    WHEN has_left THEN 'gone'
                    WHEN seen_at < now() - interval '\(QueueSchema.presentSeconds) seconds' THEN 'silent'
                    WHEN paused_until > now() THEN 'paused'
                    WHEN pieces > 0 THEN 'working' ELSE 'idle' END,
                doing, program, model, cardinality(recipes) > 0, pieces, done, failed, seconds,
                extract(epoch FROM seen_at)::float8,
                CASE WHEN paused_until > now() THEN extract(epoch FROM paused_until)::float8 END
            FROM (SELECT id, name, login, has_left, seen_at, paused_until, doing, program, model, recipes, done,
                    failed, seconds,
                    (SELECT count(*) FROM vignette.piece WHERE piece.worker = worker.id) AS pieces
                FROM vignette.worker) AS counted
            ORDER BY name, login LIMIT 10000
            """)
        var workers: [Worker] = []
        for row in 0..<rows.count {
            workers.append(
                Worker(
                    name: try rows.text(row, 0), login: try rows.text(row, 1),
                    state: try rows.text(row, 2), doing: try rows.text(row, 3),
                    program: try rows.text(row, 4), model: try rows.text(row, 5),
                    isAble: try rows.bool(row, 6), held: Int(try rows.int(row, 7)),
                    done: Int(try rows.int(row, 8)), failed: Int(try rows.int(row, 9)),
                    secondsEach: try rows.double(row, 10),
                    lastWord: Date(timeIntervalSince1970: try rows.double(row, 11) ?? 0),
                    pausedUntil: try rows.double(row, 12).map(Date.init(timeIntervalSince1970:))))
        }
        return workers
    }
}
