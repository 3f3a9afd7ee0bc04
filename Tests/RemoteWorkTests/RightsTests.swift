import Foundation
import TestSupport
import Testing

@testable import RemoteWork

extension DatabaseTests {
    @Suite struct RightsTests {
        /// A worker's login sees no table and changes none.
        @Test func workersLoginMayDoNothingButCallItsFunctions() throws {
            let bench = try QueueBench()
            try bench.offer()
            for statement in [
                "SELECT * FROM vignette.piece", "SELECT * FROM vignette.pixels",
                "SELECT * FROM vignette.answer", "SELECT * FROM vignette.worker",
                "SELECT * FROM vignette.library", "SELECT * FROM vignette.recipe",
                "INSERT INTO vignette.piece (id) VALUES (gen_random_uuid())",
                "INSERT INTO vignette.recipe VALUES ('k', 'embed', '', '', '', '')",
                "INSERT INTO vignette.answer (piece) VALUES (gen_random_uuid())",
                "UPDATE vignette.worker SET streak = 0", "DELETE FROM vignette.piece",
                "UPDATE vignette.version SET number = 9", "TRUNCATE vignette.answer",
                "CREATE TABLE vignette.mine (a int)", "DROP FUNCTION vignette.leave(bytea)",
                "CREATE FUNCTION vignette.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "SELECT vignette.take_back()", "SELECT vignette.who('')",
                "SELECT vignette.doubt(1, '')", "SET ROLE vignette_owner",
                "SET ROLE vignette_daemon",
            ] {
                #expect(throws: TestDatabase.Failure.self, "\(statement)") {
                    try bench.database.query(statement, as: "attic")
                }
            }
        }

        @Test func workerSeesOnlyPicturesThatItClaimed() throws {
            let bench = try QueueBench()
            let pieces = try bench.offer(2)
            let (one, other) = (try bench.worker(name: "one"), try bench.worker(name: "other"))
            let held = try #require(try one.claim().first)
            for piece in pieces {
                #expect(try other.content(of: piece) == nil)
            }
            #expect(try !other.answer(held, "not mine"))
            try other.session.fail(held, reason: "not mine", other.me)
            try other.session.giveBack([held.piece], fault: nil, other.me)
            #expect(try one.answer(held, "mine"))
            #expect(try bench.library.answers().count == 1)
        }

        @Test func secretIsWorthNothingUnderAnotherLogin() throws {
            let bench = try QueueBench()
            try bench.offer()
            let attic = try bench.worker("attic")
            let thief = try WorkerSession(bench.database.address(as: "cellar"), bell: Bell())
            #expect(throws: QueueError.self) {
                try thief.claim([QueueBench.recipe.key], most: 1, bytes: 1000, attic.me)
            }
        }

        @Test func workerHoldsNoMoreThanItMay() throws {
            let bench = try QueueBench()
            try bench.offer(QueueSchema.mostHeld + 10)
            let worker = try bench.worker()
            #expect(try worker.claim(1_000_000).count == QueueSchema.mostHeld)
            #expect(try worker.claim(1).isEmpty)
            #expect(try worker.claim(-1).isEmpty)
        }

        @Test func tooLongAnswerIsRefused() throws {
            let bench = try QueueBench()
            try bench.offer()
            let worker = try bench.worker()
            let held = try #require(try worker.claim().first)
            let content = [UInt8](repeating: 0, count: QueueSchema.mostAnswerBytes + 1)
            #expect(throws: QueueError.self) {
                try worker.session.answer([(held, content, 1)], worker.me)
            }
        }

        @Test(arguments: [
            "NULL, NULL, NULL, NULL", "PIECES, ATTEMPTS, NULL, NULL",
            "PIECES, NULL, '{a,b}', NULL", "NULL, ATTEMPTS, '{a,b}', '{1,1}'",
            "PIECES, ATTEMPTS, '{a,NULL}', '{1,1}'", "PIECES, ATTEMPTS, '{}', '{1,1,1}'",
            "PIECES, '{NULL,NULL}', '{a,b}', '{1,1}'",
        ])
        func answersInListsThatDoNotFitEndNothing(lists: String) throws {
            let bench = try QueueBench()
            try bench.offer(2)
            let worker = try bench.worker()
            let held = try worker.claim(2)
            let pieces = held.map { "\($0.piece)" }.joined(separator: ",")
            let attempts = held.map { "\($0.attempt)" }.joined(separator: ",")
            let secret = worker.me.secret.map { String(format: "%02x", $0) }.joined()
            let answer = { (lists: String) in
                let given = lists.replacing("PIECES", with: "'{\(pieces)}'")
                    .replacing("ATTEMPTS", with: "'{\(attempts)}'")
                return try bench.database.query(
                    "SELECT vignette.answer('\\x\(secret)', \(given))", as: "attic")
            }
            // Some are refused.
            _ = try? answer(lists)
            #expect(try bench.library.answers().isEmpty)
            #expect(try answer("PIECES, ATTEMPTS, '{a,b}', '{1,1}'").count == 2)
        }

        /// What a caller has made is not found in place of what a function means.
        @Test func functionsLookNowhereElse() throws {
            let bench = try QueueBench()
            let rows = try bench.database.query(
                """
                SELECT count(*) FROM pg_proc JOIN pg_namespace ON pronamespace = pg_namespace.oid
                WHERE nspname = 'vignette' AND (NOT prosecdef
                    OR proconfig IS NULL OR NOT 'search_path=pg_catalog, pg_temp' = ANY (proconfig)
                    OR has_function_privilege('public', pg_proc.oid, 'EXECUTE'))
                """)
            #expect(rows == ["0"])
        }

        @Test func strangerMayNotUseTheQueue() throws {
            let bench = try QueueBench()
            try bench.database.query("CREATE ROLE stranger LOGIN")
            #expect(throws: QueueError.self) { try bench.worker("stranger") }
        }

        @Test func workersNamesAreKeptApart() throws {
            let bench = try QueueBench()
            let names = try (0..<3).map { _ in try bench.worker(name: "attic machine;\n") }.map(
                \.me.name)
            #expect(names == ["attic-machine--", "attic-machine---2", "attic-machine---3"])
        }
    }
}
