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
