import WorkQueue

/// A worker's side of a queue.
///
/// For one thread at a time.
public final class WorkerSession {
    private let connection: DatabaseConnection

    /// What a worker is known by.
    public struct Identity: Sendable {
        /// Its name; the queue may have added a number to what was asked for.
        public var name: String
        /// What proves it.
        public var secret: [UInt8]
    }

    /// A piece that was claimed.
    public struct Claim: Sendable {
        /// Which, and which claim of it.
        public var held: WorkerBook.Held
        /// The key of its recipe.
        public var recipe: String
        /// Whether it is a clip.
        public var isClip: Bool
        /// Bytes of its content.
        public var bytes: Int
    }

    /// What is fetched or sent together, in bytes; one piece may be larger.
    private static let bytesAtOnce = 8 << 20

    /// Connects and holds that the queue is of this program's version.
    ///
    /// - Throws: `QueueError`.
    public init(_ address: String, bell: Bell) throws(QueueError) {
        connection = try DatabaseConnection(address, name: "vignette work", bell: bell)
        try connection.checkVersion()
        try connection.run("LISTEN \(QueueSchema.workChannel)")
    }

    /// Where it is, for messages.
    public var place: String { connection.place }

    /// Makes this worker known.
    public func enlist(name: String, program: String, model: String) throws(QueueError) -> Identity
    {
        let rows = try connection.run(
            "SELECT worker_name, worker_secret FROM vignette.enlist($1, $2, $3::int8::int, $4)",
            [.text(name), .text(program), .int(Int64(QueueSchema.version)), .text(model)])
        return Identity(name: try rows.text(0, 0), secret: try rows.bytes(0, 1))
    }

    /// What may be asked for.
    public func recipes(_ me: Identity) throws(QueueError) -> [QueueRecipe] {
        let rows = try connection.run(
            "SELECT kind, model, version, settings, prompts FROM vignette.recipes($1)",
            [.bytes(me.secret)])
        var recipes: [QueueRecipe] = []
        for row in 0..<rows.count {
            guard let kind = WorkKind(rawValue: try rows.text(row, 0)) else { continue }
            recipes.append(
                QueueRecipe(
                    kind: kind,
                    recipe: Recipe(
                        model: try rows.text(row, 1), version: try rows.text(row, 2),
                        settings: try rows.bytes(row, 3)),
                    prompts: try rows.bytes(row, 4)))
        }
        return recipes
    }

    /// Says which of them this worker can follow.
    public func declare(_ recipes: [String], _ me: Identity) throws(QueueError) {
        try connection.run("SELECT vignette.able($1, $2)", [.bytes(me.secret), .texts(recipes)])
    }

    /// Claims pieces.
    public func claim(
        _ recipes: [String], most: Int, bytes: Int, _ me: Identity
    ) throws(QueueError) -> [Claim] {
        let rows = try connection.run(
            """
            SELECT uuid_send(piece), attempt, recipe, is_clip, bytes
            FROM vignette.claim($1, $2, $3::int8::int, $4)
            """, [.bytes(me.secret), .texts(recipes), .int(Int64(most)), .int(Int64(bytes))])
        var claims: [Claim] = []
        for row in 0..<rows.count {
            claims.append(
                Claim(
                    held: .init(piece: try rows.piece(row, 0), attempt: try rows.int(row, 1)),
                    recipe: try rows.text(row, 2), isClip: try rows.bool(row, 3),
                    bytes: Int(try rows.int(row, 4))))
        }
        return claims
    }

    /// Fetches the bytes of claimed pieces, several at a time.
    ///
    /// - Parameters:
    ///   - claims: Which.
    ///   - me: Who asks.
    ///   - body: Called for each with its bytes; `nil` where it is this worker's no more.
    /// - Throws: `QueueError`, and what `body` throws.
    public func fetch(
        _ claims: [Claim], _ me: Identity,
        _ body: (Claim, [UInt8]?) throws(QueueError) -> Void
    ) throws(QueueError) {
        for group in Self.groups(claims, bytes: \.bytes) {
            let rows = try connection.run(
                "SELECT uuid_send(piece), content FROM vignette.pixels_of($1, $2)",
                [.bytes(me.secret), .pieces(group.map(\.held.piece))])
            var places: [PieceID: Int] = [:]
            for row in 0..<rows.count { places[try rows.piece(row, 0)] = row }
            for claim in group {
                let content = try places[claim.held.piece].map { row throws(QueueError) in
                    try rows.bytes(row, 1)
                }
                try body(claim, content)
            }
        }
    }

    /// Parts of a list of which each has few enough bytes, or one member.
    private static func groups<Element>(
        _ list: [Element], bytes: (Element) -> Int
    ) -> [ArraySlice<Element>] {
        var groups: [ArraySlice<Element>] = []
        var (start, sum) = (0, 0)
        for (index, element) in list.enumerated() {
            sum += max(bytes(element), 0)
            guard index > start, sum > bytesAtOnce else { continue }
            groups.append(list[start..<index])
            (start, sum) = (index, bytes(element))
        }
        return list.isEmpty ? [] : groups + [list[start...]]
    }

    /// Says that this worker is there, and what it does.
    ///
    /// - Returns: Which of the pieces are still its own.
    public func renew(
        _ pieces: [PieceID], doing: String, batch: Int, secondsEach: Double?, _ me: Identity
    ) throws(QueueError) -> Set<PieceID> {
        let rows = try connection.run(
            "SELECT uuid_send(renew) FROM vignette.renew($1, $2, $3, $4::int8::int, $5) AS renew",
            [
                .bytes(me.secret), .pieces(pieces), .text(doing), .int(Int64(batch)),
                secondsEach.map(DatabaseValue.double) ?? .double(0),
            ])
        var still: Set<PieceID> = []
        for row in 0..<rows.count { still.insert(try rows.piece(row, 0)) }
        return still
    }

    /// Answers pieces, in one transaction where they are not unusually large.
    ///
    /// - Returns: Which of them were still this worker's to answer.
    public func answer(
        _ answers: [(held: WorkerBook.Held, content: [UInt8], seconds: Double)], _ me: Identity
    ) throws(QueueError) -> Set<PieceID> {
        var accepted: Set<PieceID> = []
        for group in Self.groups(answers, bytes: { $0.content.count }) {
            let rows = try connection.run(
                "SELECT uuid_send(answer) FROM vignette.answer($1, $2, $3, $4, $5) AS answer",
                [
                    .bytes(me.secret), .pieces(group.map(\.held.piece)),
                    .ints(group.map(\.held.attempt)), .blocks(group.map(\.content)),
                    .doubles(group.map(\.seconds)),
                ])
            for row in 0..<rows.count { accepted.insert(try rows.piece(row, 0)) }
        }
        return accepted
    }

    /// Says that a piece could not be described, and why.
    public func fail(_ held: WorkerBook.Held, reason: String, _ me: Identity) throws(QueueError) {
        try connection.run(
            "SELECT vignette.fail($1, $2::text::uuid, $3, $4)",
            [
                .bytes(me.secret), .text(held.piece.description), .int(held.attempt),
                .text(reason),
            ])
    }

    /// Gives pieces back; `fault` says what is wrong with this worker, if that is why.
    public func giveBack(_ pieces: [PieceID], fault: String?, _ me: Identity) throws(QueueError) {
        try connection.run(
            "SELECT vignette.give_back($1, $2, $3, $4)",
            [.bytes(me.secret), .pieces(pieces), .bool(fault != nil), .text(fault ?? "")])
    }

    /// Gives everything back and goes.
    public func leave(_ me: Identity) throws(QueueError) {
        try connection.run("SELECT vignette.leave($1)", [.bytes(me.secret)])
    }

    /// Blocks until there may be work, the bell rings or time is over.
    ///
    /// - Returns: Whether there may be work.
    public func wait(for duration: Duration) throws(QueueError) -> Bool {
        try connection.wait(for: duration)
    }
}

extension QueueError {
    /// Whether the queue does not know this worker, which has to enlist again.
    public var asksToEnlist: Bool {
        if case .refused(_, "VG002", _) = self { true } else { false }
    }
}
