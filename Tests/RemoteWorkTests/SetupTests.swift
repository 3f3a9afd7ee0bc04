import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import RemoteWork

extension DatabaseTests {
    @Suite struct SetupTests {
        @Test func setupMayBeRunAgainAndLosesNothing() throws {
            let bench = try QueueBench()
            try bench.offer(2)
            try QueueSetup.run(bench.database.address())
            #expect(try bench.library.contents().lying.count == 2)
        }

        @Test func setupNeedsNoSuperuser() throws {
            let database = try TestDatabase()
            try database.query("CREATE ROLE admin LOGIN CREATEROLE")
            try database.query("CREATE DATABASE photos OWNER admin")
            let address = database.address(as: "admin", database: "photos")
            try QueueSetup.run(address, workers: ["attic"])
            _ = try WorkerSession(database.address(as: "attic", database: "photos"), bell: Bell())
        }

        @Test func databaseWithoutAQueueIsRefusedInWords() throws {
            let database = try TestDatabase()
            let error = #expect(throws: QueueError.self) {
                try WorkerSession(database.address(), bell: Bell())
            }
            #expect("\(try #require(error))".contains("vignette workers setup"))
        }

        @Test func otherVersionIsRefusedInWordsByBothSides() throws {
            let bench = try QueueBench()
            try bench.database.query("UPDATE vignette.version SET number = 99")
            for connect in [
                { _ = try bench.worker() }, { _ = try QueueBench.connect(bench.database) },
            ] {
                let error = #expect(throws: QueueError.self) { try connect() }
                #expect("\(try #require(error))".contains("version 99"))
            }
        }

        /// A database as version 1 has set it up, with a piece that waits.
        private func firstVersion() throws -> TestDatabase {
            let script = FilePath(#filePath).removingLastComponent().removingLastComponent()
                .appending("Fixtures").appending("queue-1.sql")
            let database = try TestDatabase()
            let connection = try DatabaseConnection(database.address(), name: "test", bell: Bell())
            try connection.run(script: String(contentsOfFile: script.string, encoding: .utf8))
            try database.query(
                """
                CREATE ROLE nas LOGIN IN ROLE vignette_daemon;
                INSERT INTO vignette.recipe VALUES
                    ('\(QueueBench.recipe.key)', 'describe', 'demo', '1', 'x', 'x');
                INSERT INTO vignette.piece (id, library, recipe, urgency, is_clip, bytes)
                    VALUES (gen_random_uuid(), 'library', '\(QueueBench.recipe.key)', 0, false, 4);
                INSERT INTO vignette.pixels SELECT id, 'abcd' FROM vignette.piece;
                """)
            return database
        }

        @Test func olderQueueIsRefusedInWordsThatSayWhatToDo() throws {
            let database = try firstVersion()
            for connect in [
                { _ = try WorkerSession(database.address(), bell: Bell()) },
                { _ = try QueueBench.connect(database) },
            ] {
                let error = "\(try #require(#expect(throws: QueueError.self) { try connect() }))"
                #expect(error.contains("has version 1"), "\(error)")
                #expect(error.contains("'vignette workers setup'"), "\(error)")
            }
        }

        @Test func setupUpgradesAnOlderQueueWithWhatLiesInIt() throws {
            let database = try firstVersion()
            try QueueSetup.run(database.address(), workers: ["attic"])
            let worker = try TestWorker(database.address(as: "attic"), name: "one")
            let held = try #require(try worker.claim().first)
            #expect(try worker.content(of: held.piece) == Array("abcd".utf8))
            #expect(try worker.answer(held))
            let functions = try database.query(
                """
                SELECT proname, count(*) FROM pg_proc WHERE pronamespace = 'vignette'::regnamespace
                GROUP BY proname HAVING count(*) > 1
                """)
            #expect(functions.isEmpty, "no function of the older version is left")
        }

        @Test func newerQueueIsLeftAloneBySetup() throws {
            let bench = try QueueBench()
            try bench.database.query(
                """
                UPDATE vignette.version SET number = 99;
                DROP FUNCTION vignette.leave(bytea);
                """)
            let error = #expect(throws: QueueError.self) {
                try QueueSetup.run(bench.database.address())
            }
            #expect("\(try #require(error))".contains("version 99"))
            #expect(
                try bench.database.query("SELECT FROM pg_proc WHERE proname = 'leave'").isEmpty)
            #expect(try bench.database.query("SELECT number FROM vignette.version") == ["99"])
        }

        @Test func whoIsConnectedWhileAnotherVersionIsSetUpIsToldSo() throws {
            let bench = try QueueBench()
            let worker = try bench.worker()
            try bench.database.query("DROP FUNCTION vignette.leave(bytea)")
            let error = try #require(
                #expect(throws: QueueError.self) { try worker.session.leave(worker.me) })
            guard case .otherVersion(_, let reason) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(reason.contains("vignette workers setup"))
        }

        @Test func idleTableStaysSmall() throws {
            let bench = try QueueBench()
            let worker = try bench.worker()
            for _ in 0..<20 {
                try bench.offer(10)
                for held in try worker.claim(10) { _ = try worker.answer(held) }
                try bench.library.forget(answers: try bench.library.answers().map(\.piece))
            }
            let left = try bench.database.query(
                """
                SELECT (SELECT count(*) FROM vignette.piece) + (SELECT count(*) FROM vignette.pixels)
                    + (SELECT count(*) FROM vignette.answer)
                """)
            #expect(left == ["0"])
        }
    }
}
