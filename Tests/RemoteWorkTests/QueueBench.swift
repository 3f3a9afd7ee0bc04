import Imaging
import TestSupport
import Testing
import WorkQueue

@testable import RemoteWork

/// Tests that start a database, one at a time.
@Suite(.serialized, .enabled(if: TestDatabase.programs != nil, "PostgreSQL is installed"))
enum DatabaseTests {}

/// A database with a queue, a library and logins.
final class QueueBench {
    let database: TestDatabase
    let library: LibraryQueue
    static let recipe = QueueRecipe(
        kind: .describe, recipe: Recipe(model: "m", version: "v1", settings: [1]), prompts: [2])

    init(_ settings: [String] = []) throws {
        database = try TestDatabase(settings)
        try QueueSetup.run(database.address(), daemons: ["nas"], workers: ["attic", "cellar"])
        library = try Self.connect(database)
        try library.publish([Self.recipe])
    }

    static func connect(_ database: TestDatabase) throws -> LibraryQueue {
        try LibraryQueue(
            database.address(as: "nas"), library: [UInt8](repeating: 7, count: 16), program: "test",
            bell: Bell())
    }

    /// Offers pictures of one pixel.
    @discardableResult
    func offer(_ count: Int = 1) throws -> [PieceID] {
        let offers = (0..<count).map { index in
            LibraryQueue.Offer(
                piece: PieceID(), recipe: Self.recipe.key, urgency: 0, isClip: false,
                content: Self.content(UInt8(index % 256)))
        }
        try library.offer(offers)
        return offers.map(\.piece)
    }

    static func content(_ shade: UInt8) -> [UInt8] {
        PieceContent.still(RGBImage(width: 1, height: 1, pixels: [shade, 0, 0])).encoded
    }

    func worker(_ login: String = "attic", name: String = "w") throws -> TestWorker {
        try TestWorker(database.address(as: login), name: name)
    }

    /// Lets the lease of whatever is held be over.
    func letLeasesEnd() throws {
        try database.query(
            "UPDATE vignette.piece SET leased_until = now() - interval '1 second' WHERE worker IS NOT NULL"
        )
    }
}

/// A worker that does what a test says.
struct TestWorker {
    let session: WorkerSession
    let me: WorkerSession.Identity

    init(_ address: String, name: String) throws {
        session = try WorkerSession(address, bell: Bell())
        me = try session.enlist(name: name, program: "test", model: "m@v1")
        try session.declare([QueueBench.recipe.key], me)
    }

    func claim(_ count: Int = 1) throws -> [WorkerBook.Held] {
        try session.claim([QueueBench.recipe.key], most: count, bytes: 1 << 20, me).map(\.held)
    }

    func answer(_ held: WorkerBook.Held, _ text: String = "a text") throws -> Bool {
        try !session.answer([(held, Self.answer(text), 1)], me).isEmpty
    }

    /// The pixels of a piece, where it is this worker's.
    func content(of piece: PieceID) throws -> [UInt8]? {
        let claim = WorkerSession.Claim(
            held: .init(piece: piece, attempt: 1), recipe: "", isClip: false, bytes: 1)
        var content: [UInt8]?
        try session.fetch([claim], me) { _, bytes throws(QueueError) in content = bytes }
        return content
    }

    static func answer(_ text: String) -> [UInt8] {
        PieceAnswer(
            texts: [ModelText(prompt: "caption", text: text)], tokens: [VisionToken(elements: [1])]
        ).encoded
    }
}
