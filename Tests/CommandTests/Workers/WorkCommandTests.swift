import Foundation
import RemoteWork
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    @Suite(.enabled(if: TestDatabase.programs != nil, "PostgreSQL is installed"))
    struct WorkCommandTests {
        @Test func otherMachineDescribesAsTheLibrarysOwnWould() async throws {
            let world = try WorkersWorld(["VIGNETTE_LOG_LEVEL": "debug"])
            let worker = try world.worker("attic")
            let daemon = try world.daemon()
            try await world.waitForHelp(of: daemon)
            try world.write(0..<40)
            try await world.settle(40)
            let done = try world.database.query("SELECT done FROM vignette.worker")
            let list = try await world.sandbox.run(
                plainly: ["workers", "--json", "--queue", ProgramArgument(world.queue)])
            #expect(list.status == 0, "\(list)")
            #expect(try list.decoded(Listed.self).map(\.name) == ["attic"])
            #expect(try list.decoded(Listed.self)[0].model.hasPrefix("demo@"))
            let stopped = try await worker.stop()
            #expect(stopped.status == 0, "\(stopped)")
            #expect(stopped.output.isEmpty)
            let told = try await daemon.stop()
            #expect(told.status == 0, "\(told)")
            #expect(told.lines.count == 40, "each is told of once")
            #expect(
                Int(done.first ?? "") ?? 0 > 0,
                "the other machine should have helped: \(told.errorText)")
            try await Self.expectSameWords(world)
        }

        /// What others answered is what this machine's model says.
        private static func expectSameWords(_ world: WorkersWorld) async throws {
            let alone = try Sandbox()
            for number in 0..<40 {
                try alone.write(
                    PictureFactory.png(number), to: FilePath("\(number % 7)/\(number).png"))
            }
            _ = try await alone.run("scan", ProgramArgument(alone.pictures))
            for number in [0, 13, 27, 39] {
                let name = FilePath("\(number % 7)/\(number).png")
                let texts = try await world.sandbox.show(world.sandbox.pictures.pushing(name))
                let expected = try await alone.show(alone.pictures.pushing(name))
                #expect(texts?.descriptions == expected?.descriptions, "\(name)")
                #expect(texts?.descriptions.isEmpty == false)
            }
        }

        @Test func workerWithAnotherModelClaimsNothingAndSaysWhy() async throws {
            let world = try WorkersWorld()
            let daemon = try world.daemon()
            try await eventually("the daemon asks for something") {
                try world.database.query("SELECT count(*) FROM vignette.recipe") != ["0"]
            }
            let other = try world.worker("other", settings: ["VIGNETTE_MODEL": "photographs"])
            try await eventually("it says so") { other.errors.text.contains("nothing is done") }
            try world.write(0..<5)
            try await world.settle(5)
            #expect(try world.database.query("SELECT sum(attempt) FROM vignette.piece") == [])
            #expect(try world.database.query("SELECT done + failed FROM vignette.worker") == ["0"])
            _ = try await other.stop()
            _ = try await daemon.stop()
        }

        @Test func daemonGoesOnWithoutTheDatabaseSaysSoOnceAndReturns() async throws {
            let world = try WorkersWorld(["VIGNETTE_LOG_LEVEL": "notice"])
            try world.database.stop()
            let daemon = try world.daemon()
            try world.write(0..<5)
            try await world.settle(5)
            try await eventually("it says so") { daemon.errors.text.contains("without others") }
            try await Task.sleep(for: .seconds(4))
            #expect(daemon.errors.lines.count { $0.contains("without others") } == 1)
            try world.database.start()
            try await eventually("it returns") {
                daemon.errors.text.contains("other machines help again")
            }
            _ = try await daemon.stop()
        }

        @Test func databaseThatEndsIsSaidInWordsOfTheLogAlone() async throws {
            let world = try WorkersWorld(["VIGNETTE_LOG_LEVEL": "notice"])
            let worker = try world.worker("attic")
            try await eventually("it is there") { worker.errors.text.contains("working as attic") }
            try world.database.stop()
            try await eventually("it says so") { worker.errors.text.contains("trying again") }
            #expect(!worker.errors.lines.contains { $0.hasPrefix("FATAL") })
            _ = try await worker.stop()
        }

        @Test func workerOfAnotherVersionIsRefusedInWords() async throws {
            let world = try WorkersWorld()
            try world.database.query("UPDATE vignette.version SET number = 99")
            let result = try await world.worker("attic").result()
            #expect(result.status == 1)
            #expect(result.errorText.contains("version 99"), "\(result)")
        }

        @Test func queueThatIsNotNamedIsSaid() async throws {
            let result = try await Sandbox().run(plainly: ["work"])
            #expect(result.status == 1)
            #expect(result.errorText.contains("workers.queue"), "\(result)")
            let address = try await Sandbox().run(plainly: [
                "workers", "--queue", "postgresql://a b c:secret@/",
            ])
            #expect(address.status == 1)
            #expect(!address.errorText.contains("secret"))
        }

        @Test func setupMakesTheQueueAndLogins() async throws {
            let database = try TestDatabase()
            let result = try await Sandbox().run(
                plainly: [
                    "workers", "setup", "--queue", ProgramArgument(database.address()), "--daemon",
                    "nas", "--worker", "attic",
                ])
            #expect(result.status == 0, "\(result)")
            #expect(try database.query("SELECT number FROM vignette.version", as: "attic") == ["2"])
        }

        /// What was given to others is this machine's again when it is started without them.
        @Test func libraryThatAsksNobodyAnyMoreDescribesAllByItself() async throws {
            let world = try WorkersWorld(["VIGNETTE_LOG_LEVEL": "info"])
            let holder = world.machine("holder") { session, me, keys in
                _ = try session.claim(keys, most: 8, bytes: 1 << 24, me)
                _ = try session.renew([], doing: "", batch: 8, secondsEach: nil, me)
            }
            let daemon = try world.daemon()
            try await world.waitForHelp(of: daemon)
            try world.write(0..<30)
            try await eventually("it has something") {
                try world.database.query(
                    "SELECT count(*) > 0 FROM vignette.piece WHERE worker IS NOT NULL") == ["t"]
            }
            _ = try await daemon.stop()
            holder.end()
            let alone = try world.sandbox.watch()
            try await world.settle(30)
            _ = try await alone.stop()
        }

        private struct Listed: Decodable {
            var name: String
            var model: String
        }
    }
}
