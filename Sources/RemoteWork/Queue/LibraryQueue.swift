import WorkQueue

/// A library's side of a queue: offering, collecting, comparing.
///
/// For one thread at a time.
public final class LibraryQueue {
    private let connection: DatabaseConnection
    private let library: [UInt8]
    private let holder: [UInt8]

    /// A piece to offer.
    public struct Offer: Sendable {
        /// Its number, which the catalogue has already.
        public var piece: PieceID
        /// The key of its recipe.
        public var recipe: String
        /// Lower ones first.
        public var urgency: Int64
        /// Whether it is a clip.
        public var isClip: Bool
        /// `PieceContent.encoded`.
        public var content: [UInt8]

        /// Builds it from its parts.
        public init(
            piece: PieceID, recipe: String, urgency: Int64, isClip: Bool, content: [UInt8]
        ) {
            self.piece = piece
            self.recipe = recipe
            self.urgency = urgency
            self.isClip = isClip
            self.content = content
        }
    }

    /// An answer that lies in the queue.
    public struct Answer: Sendable {
        /// The piece.
        public var piece: PieceID
        /// Who answered; empty where nobody did.
        public var worker: String
        /// Its number; `nil` where nobody did.
        public var workerID: Int64?
        /// Whether the content is a reason why there is no answer.
        public var isFailure: Bool
        /// Any bytes.
        public var content: [UInt8]
        /// Seconds that the worker says it took.
        public var seconds: Double?
    }

    /// Most answers that are collected together, and most bytes of them.
    public static let mostAnswers = 64
    private static let mostAnswerBytes = 64 << 20

    /// Connects, and says that this process speaks for the library from now on.
    ///
    /// - Parameters:
    ///   - address: A connection string of libpq.
    ///   - library: The 16 bytes that tell the library from others.
    ///   - program: The program's version.
    ///   - bell: Ends connecting and waiting.
    /// - Throws: `QueueError`.
    public init(
        _ address: String, library: [UInt8], program: String, bell: Bell
    ) throws(QueueError) {
        connection = try DatabaseConnection(address, name: "vignette", bell: bell)
        self.library = library
        holder = PieceID().bytes
        try connection.checkVersion()
        try connection.run(
            """
            INSERT INTO vignette.library (id, holder, program) VALUES ($1, $2, $3)
            ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, program = excluded.program, seen_at = now()
            """, [.bytes(library), .bytes(holder), .text(program)])
        try connection.run("LISTEN \(QueueSchema.newsChannel)")
    }

    /// Where it is, for messages.
    public var place: String { connection.place }

    /// Lets workers know what is asked for.
    public func publish(_ recipes: [QueueRecipe]) throws(QueueError) {
        for recipe in recipes {
            try connection.run(
                """
                INSERT INTO vignette.recipe (key, kind, model, version, settings, prompts)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key) DO NOTHING
                """,
                [
                    .text(recipe.key), .text(recipe.kind.rawValue), .text(recipe.recipe.model),
                    .text(recipe.recipe.version), .bytes(recipe.recipe.settings),
                    .bytes(recipe.prompts),
                ])
        }
        try connection.run("NOTIFY \(QueueSchema.workChannel)")
    }

    /// Who is there that can follow one of the recipes; takes back what others have lost.
    ///
    /// - Throws: `QueueError.refused` with the code VG005 where another process speaks for the library.
    public func workforce(_ recipes: [String]) throws(QueueError) -> OfferBook.Workforce {
        try checkHolder()
        try connection.run("SELECT vignette.take_back()")
        let rows = try connection.run(
            """
            SELECT count(*), coalesce(sum(batch), 0)::int8 FROM vignette.worker
            WHERE NOT has_left AND recipes && $1 AND seen_at > now() - interval '\(QueueSchema.presentSeconds) seconds'
                AND coalesce(paused_until < now(), true)
            """, [.texts(recipes)])
        return OfferBook.Workforce(
            workers: Int(try rows.int(0, 0)), batches: Int(clamping: try rows.int(0, 1)))
    }

    private func checkHolder() throws(QueueError) {
        let rows = try connection.run(
            "UPDATE vignette.library SET seen_at = now() WHERE id = $1 AND holder = $2 RETURNING 1::int8",
            [.bytes(library), .bytes(holder)])
        guard rows.count == 1 else {
            throw .refused(
                place: place, code: "VG005",
                reason:
                    "another daemon offers the work of this library, or of a copy of its catalogue")
        }
    }

    /// Puts pieces into the queue, in one transaction that wakes workers.
    public func offer(_ offers: [Offer]) throws(QueueError) {
        guard !offers.isEmpty else { return }
        try connection.transaction { () throws(QueueError) in
            try checkHolder()
            // Where something lies ready already nobody sleeps who could take it; each hint wakes all who listen.
            try connection.run(
                """
                SELECT pg_notify('\(QueueSchema.workChannel)', '')::text
                WHERE NOT EXISTS (SELECT FROM vignette.piece WHERE worker IS NULL)
                """)
            try connection.run(
                """
                INSERT INTO vignette.piece (id, library, recipe, urgency, is_clip, bytes)
                SELECT id, $1, recipe, urgency, is_clip <> 0, bytes
                FROM unnest($2, $3, $4, $5, $6) AS o (id, recipe, urgency, is_clip, bytes)
                """,
                [
                    .bytes(library), .pieces(offers.map(\.piece)), .texts(offers.map(\.recipe)),
                    .ints(offers.map(\.urgency)), .ints(offers.map { $0.isClip ? 1 : 0 }),
                    .ints(offers.map { Int64($0.content.count) }),
                ])
            try connection.copy(
                "vignette.pixels (piece, content)",
                offers.lazy.map { [$0.piece.bytes, $0.content] })
        }
    }

    /// Everything of this library that lies in the queue.
    ///
    /// - Returns: Bytes of each piece whose pixels are there, and the pieces that are answered.
    public func contents() throws(QueueError) -> (lying: [PieceID: Int], answered: Set<PieceID>) {
        // Pieces without pixels are what a crash of the database leaves.
        try connection.run(
            """
            DELETE FROM vignette.piece WHERE library = $1
                AND NOT EXISTS (SELECT FROM vignette.pixels WHERE pixels.piece = piece.id)
            """, [.bytes(library)])
        var lying: [PieceID: Int] = [:]
        var answered: Set<PieceID> = []
        let pieces = try connection.run(
            "SELECT uuid_send(id), bytes FROM vignette.piece WHERE library = $1", [.bytes(library)])
        for row in 0..<pieces.count {
            lying[try pieces.piece(row, 0)] = Int(try pieces.int(row, 1))
        }
        let answers = try connection.run(
            "SELECT uuid_send(piece) FROM vignette.answer WHERE library = $1", [.bytes(library)])
        for row in 0..<answers.count { answered.insert(try answers.piece(row, 0)) }
        return (lying, answered)
    }

    /// The oldest answers.
    public func answers() throws(QueueError) -> [Answer] {
        let rows = try connection.run(
            """
            SELECT uuid_send(piece), worker, is_failure, content, seconds, worker_id FROM (
                SELECT *, sum(octet_length(content)) OVER (ORDER BY answered_at, piece) AS total,
                    row_number() OVER (ORDER BY answered_at, piece) AS place
                FROM (SELECT * FROM vignette.answer WHERE library = $1
                    ORDER BY answered_at, piece LIMIT \(Self.mostAnswers)) AS oldest) AS summed
            WHERE place = 1 OR total <= \(Self.mostAnswerBytes)
            """, [.bytes(library)])
        var answers: [Answer] = []
        for row in 0..<rows.count {
            answers.append(
                Answer(
                    piece: try rows.piece(row, 0), worker: try rows.text(row, 1),
                    workerID: rows.isNull(row, 5) ? nil : try rows.int(row, 5),
                    isFailure: try rows.bool(row, 2), content: try rows.bytes(row, 3),
                    seconds: try rows.double(row, 4)))
        }
        return answers
    }

    /// Says that a worker answered with what is no answer; it pauses.
    public func doubt(_ worker: Int64, reason: String) throws(QueueError) {
        try connection.run("SELECT vignette.doubt($1, $2)", [.int(worker), .text(reason)])
    }

    /// Forgets answers that were collected.
    public func forget(answers pieces: [PieceID]) throws(QueueError) {
        guard !pieces.isEmpty else { return }
        try connection.run(
            "DELETE FROM vignette.answer WHERE library = $1 AND piece = ANY ($2)",
            [.bytes(library), .pieces(pieces)])
    }

    /// Takes pieces out of the queue, whoever holds them.
    public func withdraw(_ pieces: Set<PieceID>) throws(QueueError) {
        guard !pieces.isEmpty else { return }
        try connection.run(
            "DELETE FROM vignette.piece WHERE library = $1 AND id = ANY ($2)",
            [.bytes(library), .pieces(Array(pieces))])
    }

    /// Takes out pieces that nobody holds: all of them, or those that nobody has wanted.
    ///
    /// - Parameter all: Whether it does not matter how long they have lain.
    /// - Returns: Which.
    /// - Throws: `QueueError`.
    public func withdrawIdle(all: Bool) throws(QueueError) -> [PieceID] {
        let rows = try connection.run(
            """
            DELETE FROM vignette.piece WHERE library = $1 AND worker IS NULL AND ($2
                OR offered_at < now() - interval '15 minutes'
                OR cardinality(refused_by) > 0 AND offered_at < now() - interval '1 minute')
            RETURNING uuid_send(id)
            """, [.bytes(library), .bool(all)])
        var pieces: [PieceID] = []
        for row in 0..<rows.count { pieces.append(try rows.piece(row, 0)) }
        return pieces
    }

    /// Who works for this queue, and what lies in it.
    public func overview() throws(QueueError) -> QueueOverview { try QueueOverview(connection) }

    /// Blocks until there is news, the bell rings or time is over.
    public func wait(for duration: Duration) throws(QueueError) {
        try connection.wait(for: duration)
    }
}
