import TestSupport
import Testing

@testable import RemoteWork

@Suite struct DatabaseAddressTests {
    @Test func badAddressIsNotRepeated() {
        let error = #expect(throws: QueueError.self) {
            try DatabaseConnection(
                "postgresql://me:secret@host:99999999/x y=z", name: "test", bell: Bell())
        }
        #expect(error.map { !"\($0)".contains("secret") } == true)
    }

    @Test func deadHostIsNamedAndThePasswordIsNot() {
        let error = #expect(throws: QueueError.self) {
            try DatabaseConnection(
                "postgresql://me:sesame@127.0.0.1:1/photos", name: "test", bell: Bell())
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("127.0.0.1") && text.contains("photos"), "\(text)")
        #expect(!text.contains("sesame"), "\(text)")
        #expect(error?.isPassing == true)
    }

    @Test func bellEndsConnecting() throws {
        let bell = Bell()
        bell.ring()
        // An address of documentation (RFC 5737), where nobody answers.
        #expect(throws: QueueError.self) {
            try DatabaseConnection("host=192.0.2.1 dbname=x", name: "test", bell: bell)
        }
    }
}

extension DatabaseTests {
    @Suite struct DatabaseConnectionTests {
        @Test func valuesComeBackAsTheyWere() throws {
            let database = try TestDatabase()
            let connection = try DatabaseConnection(database.address(), name: "test", bell: Bell())
            let pieces = [PieceID(), PieceID()]
            let rows = try connection.run(
                "SELECT $1::int8, $2::text, $3::bytea, $4::float8, $5::bool, uuid_send(($6::uuid[])[2]), cardinality($7::text[])::int8, NULL::float8",
                [
                    .int(-5), .text("ä\u{0}b"), .bytes([0, 1, 255]), .double(1.5), .bool(true),
                    .pieces(pieces), .texts(["a", "{\"b\",c}"]),
                ])
            #expect(try rows.int(0, 0) == -5)
            #expect(try rows.text(0, 1) == "äb")
            #expect(try rows.bytes(0, 2) == [0, 1, 255])
            #expect(try rows.double(0, 3) == 1.5)
            #expect(try rows.bool(0, 4))
            #expect(try rows.piece(0, 5) == pieces[1])
            #expect(try rows.int(0, 6) == 2)
            #expect(try rows.double(0, 7) == nil)
            #expect(throws: QueueError.self) { try rows.int(0, 7) }
            #expect(throws: QueueError.self) { try rows.int(1, 0) }
        }

        @Test func listsComeBackAsTheyWere() throws {
            let database = try TestDatabase()
            let connection = try DatabaseConnection(database.address(), name: "test", bell: Bell())
            let rows = try connection.run(
                "SELECT a, b, c FROM unnest($1, $2, $3) AS u (a, b, c)",
                [.ints([-1, 1 << 40]), .doubles([0.5, -3]), .blocks([[], [0, 255]])])
            #expect(try (0..<2).map { try rows.int($0, 0) } == [-1, 1 << 40])
            #expect(try (0..<2).map { try rows.double($0, 1) } == [0.5, -3])
            #expect(try (0..<2).map { try rows.bytes($0, 2) } == [[], [0, 255]])
        }

        @Test func copiedRowsAreThere() throws {
            let database = try TestDatabase()
            try database.query("CREATE TABLE t (a uuid PRIMARY KEY, b bytea)")
            let connection = try DatabaseConnection(database.address(), name: "test", bell: Bell())
            let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
            let pieces = (0..<3).map { _ in PieceID() }
            try connection.copy("t (a, b)", pieces.map { [$0.bytes, large] })
            let rows = try connection.run("SELECT b FROM t WHERE a = ANY ($1)", [.pieces(pieces)])
            #expect(
                try (0..<rows.count).map { try rows.bytes($0, 0) == large } == [true, true, true])
        }

        /// Where what was left to send is sent while it is looked at, the server says nothing that could be waited for.
        @Test func copyOfManyRowsDoesNotWaitForAnAnswer() throws {
            let database = try TestDatabase()
            try database.query("CREATE UNLOGGED TABLE t (a bytea)")
            let connection = try DatabaseConnection(database.address(), name: "test", bell: Bell())
            let row = [[UInt8](repeating: 7, count: 10_000)]
            try connection.copy("t (a)", repeatElement(row, count: 12_000))
            #expect(try connection.run("SELECT count(*) FROM t").number() == 12_000)
        }

        @Test func refusedCopyIsSaidAndLeavesTheConnectionUsable() throws {
            let database = try TestDatabase()
            try database.query("CREATE TABLE t (a uuid PRIMARY KEY, b bytea)")
            let connection = try DatabaseConnection(database.address(), name: "test", bell: Bell())
            let piece = PieceID()
            for (table, code) in [("t (a, b)", "23505"), ("nothing (a, b)", "42P01")] {
                let error = #expect(throws: QueueError.self) {
                    try connection.copy(table, [[piece.bytes, [1]], [piece.bytes, [1]]])
                }
                guard case .refused(_, code, _) = error else {
                    Issue.record("\(table): \(String(describing: error))")
                    continue
                }
            }
            #expect(try connection.run("SELECT count(*) FROM t").number() == 0)
        }

        @Test func slowAnswerEndsInTime() throws {
            let database = try TestDatabase()
            let connection = try DatabaseConnection(database.address(), name: "test", bell: Bell())
            connection.patience = .milliseconds(200)
            let error = #expect(throws: QueueError.self) {
                try connection.run("SELECT pg_sleep(60)")
            }
            #expect(error == .timedOut(place: connection.place))
        }

        @Test func notificationEndsAWait() throws {
            let database = try TestDatabase()
            let connection = try DatabaseConnection(database.address(), name: "test", bell: Bell())
            try connection.run("LISTEN news")
            try database.query("NOTIFY news")
            #expect(try connection.wait(for: .seconds(60)))
            #expect(try !connection.wait(for: .milliseconds(1)))
        }

        @Test func errorInATransactionRollsItBackAndLeavesTheConnectionUsable() throws {
            let database = try TestDatabase()
            try database.query("CREATE TABLE t (a int8)")
            let connection = try DatabaseConnection(database.address(), name: "test", bell: Bell())
            #expect(throws: QueueError.self) {
                try connection.transaction { () throws(QueueError) in
                    try connection.run("INSERT INTO t VALUES (1)")
                    try connection.run("SELECT 1 / 0")
                }
            }
            #expect(try connection.run("SELECT count(*) FROM t").number() == 0)
        }
    }
}
