import Foundation
import Glibc
import RemoteWork
import SystemPackage
import TestSupport
import Testing

extension SystemTests {
    /// Machines that die, sleep and lose the network, a database and a daemon that do: every picture is described once.
    @Suite(.enabled(if: TestDatabase.programs != nil, "PostgreSQL is installed"))
    struct ManyMachinesTests {
        private enum Mishap: CaseIterable {
            case workerKilled, workerStopped, databaseRestarted, databaseKilled, networkCut,
                daemonKilled

            var count: Int {
                switch self {
                case .workerKilled: Soak.isOn ? 100 : 4
                case .workerStopped: Soak.isOn ? 20 : 1
                case .databaseRestarted: Soak.isOn ? 10 : 1
                case .databaseKilled: Soak.isOn ? 5 : 1
                case .networkCut: Soak.isOn ? 10 : 1
                case .daemonKilled: Soak.isOn ? 20 : 2
                }
            }
        }

        @Test func everyPictureIsDescribedOnceWhateverHappens() async throws {
            let count = Soak.isOn ? 5000 : 60
            let network = TestNetwork()
            let world = try WorkersWorld(port: 40_000 + Int(getpid() % 20_000))
            var random = SeededGenerator(seed: 22)
            var mishaps = Mishap.allCases.flatMap { Array(repeating: $0, count: $0.count) }
            mishaps.shuffle(using: &random)
            let failing = world.machine("failing") { session, me, keys in
                for claim in try session.claim(keys, most: 2, bytes: 1 << 24, me) {
                    try session.fail(claim.held, reason: "it always fails", me)
                }
            }
            let other = try world.worker("other", settings: ["VIGNETTE_MODEL": "photographs"])
            var daemon = try world.daemon()
            var workers: [RunningProgram] = []
            for index in 0..<4 { workers.append(try Self.worker(index, world, network)) }
            var runs = DescribedOnce()
            var sleepers: [Task<Void, any Error>] = []
            for (turn, mishap) in mishaps.enumerated() {
                try world.write(count * turn / mishaps.count..<count * (turn + 1) / mishaps.count)
                try await Task.sleep(for: .milliseconds(Int.random(in: 200...3000, using: &random)))
                let index = Int.random(in: 0..<4, using: &random)
                switch mishap {
                case .workerKilled:
                    _ = try await workers[index].stop(SIGKILL)
                    workers[index] = try Self.worker(index, world, network)
                case .workerStopped:
                    let sleeper = workers[index]
                    sleeper.send(SIGSTOP)
                    sleepers.append(
                        Task {
                            try await Task.sleep(for: .seconds(Soak.isOn ? 120 : 33))
                            sleeper.send(SIGCONT)
                        })
                case .databaseRestarted: try await onThread { try world.database.restart() }
                case .databaseKilled: try await onThread { try world.database.crash() }
                case .networkCut:
                    guard let network else { continue }
                    network.cut()
                    sleepers.append(
                        Task {
                            try await Task.sleep(for: .seconds(Soak.isOn ? 40 : 5))
                            network.mend()
                        })
                case .daemonKilled:
                    _ = try await daemon.stop(SIGKILL)
                    daemon = try world.daemon()
                }
                try runs.check(world.sandbox.catalogue)
            }
            for sleeper in sleepers { try await sleeper.value }
            failing.end()
            try await world.settle(count, within: .seconds(Soak.isOn ? 3600 : 300))
            try runs.check(world.sandbox.catalogue)
            let done = try world.database.query(
                "SELECT coalesce(sum(done), 0) FROM vignette.worker")
            #expect(Int(done.first ?? "") ?? 0 > 0, "others should have helped")
            for worker in workers + [other] { _ = try await worker.stop() }
            let result = try await daemon.stop()
            #expect(result.status == 0, "\(result)")
            let reader = try CatalogueReader(world.sandbox.catalogue)
            #expect(try reader.integrity() == ["ok"])
            #expect(try reader.leased() == 0)
            #expect(try reader.describedCount() == count)
            #expect(Set(try reader.textsInForce().values.map(\.recipe)).count == 1)
            let left = try world.database.query("SELECT count(*) FROM vignette.piece")
            #expect(left == ["0"], "no piece is left in the queue")
        }

        private static func worker(
            _ index: Int, _ world: WorkersWorld, _ network: TestNetwork?
        ) throws -> RunningProgram {
            guard index == 0, let network, let port = world.database.port else {
                return try world.worker("w\(index)")
            }
            let address = "host=\(network.host) port=\(port) user=attic dbname=postgres"
            let launch = try world.sandbox.launch([
                "work", "--name", "far", "--queue", ProgramArgument(address),
            ])
            return try RunningProgram(network.inside(launch))
        }

        /// What is described stays as it is: nothing is described again.
        private struct DescribedOnce {
            private var moments: Set<String> = []

            mutating func check(_ catalogue: FilePath) throws {
                guard let reader = try? CatalogueReader(catalogue), try reader.isMade() else {
                    return
                }
                let now = try Set(reader.modelRuns())
                #expect(moments.subtracting(now).isEmpty, "descriptions were lost or made again")
                moments = now
            }
        }

        /// Whatever somebody writes who may work: other pictures and people's words stay right.
        @Test func hostileWorkerSpoilsNothingButItsOwnAnswers() async throws {
            let world = try WorkersWorld()
            let hostile = world.machine("hostile") { session, me, keys in
                var random = SystemRandomNumberGenerator()
                let claims = try session.claim(keys, most: 3, bytes: 1 << 24, me)
                for claim in claims {
                    let lengths = [0, 1, 7, 100, 5000]
                    var bytes = (0..<lengths.randomElement(using: &random)!).map { _ in
                        UInt8.random(in: 0...255, using: &random)
                    }
                    if !bytes.isEmpty, Bool.random() { bytes[0] = 1 }
                    _ = try session.answer([(claim.held, bytes, -1)], me)
                    _ = try session.answer([(.init(piece: PieceID(), attempt: 1), bytes, 0)], me)
                }
                _ = try session.renew(
                    claims.map(\.held.piece), doing: "\u{1B}[2J\nx", batch: -5,
                    secondsEach: -.infinity, me)
            }
            try world.write(0..<3)
            let first = try world.sandbox.watch()
            try await world.settle(3)
            _ = try await first.stop()
            let edited = world.sandbox.pictures.appending("0/0.png")
            _ = try await world.sandbox.run(
                "edit", "--caption", "a person's words", ProgramArgument(edited))
            try await eventually("it is there") { hostile.count > 0 }
            let daemon = try world.daemon()
            try world.write(3..<30)
            // Each of its answers that is none makes it pause, and what it had waits for a look at who is there.
            try await world.settle(30, within: .seconds(900))
            hostile.end()
            _ = try await daemon.stop()
            let shown = try await world.sandbox.show(edited)
            #expect(
                shown?.descriptions.contains { $0.text == "a person's words" } == true,
                "\(String(describing: shown))")
            #expect(try CatalogueReader(world.sandbox.catalogue).integrity() == ["ok"])
        }
    }
}

/// A network of one other machine, which can be cut off; `nil` where this one may not make any.
final class TestNetwork: Sendable {
    private let name: String
    /// This machine's address in it.
    let host: String

    init?() {
        guard getuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/sbin/ip") else {
            return nil
        }
        let number = Int(getpid()) % 4000
        name = "vg\(number)"
        host = "10.213.\(number / 256).\(number % 64 * 4 + 1)"
        let other = "10.213.\(number / 256).\(number % 64 * 4 + 2)"
        let script = """
            set -e
            ip netns add \(name)
            ip link add \(name) type veth peer name \(name)p netns \(name)
            ip addr add \(host)/30 dev \(name)
            ip link set \(name) up
            ip netns exec \(name) ip addr add \(other)/30 dev \(name)p
            ip netns exec \(name) ip link set \(name)p up
            """
        guard Self.shell(script) else {
            _ = Self.shell("ip netns del \(name)")
            return nil
        }
    }

    deinit { _ = Self.shell("ip link del \(name); ip netns del \(name)") }

    /// The same program, on the other machine.
    func inside(_ launch: ProgramLaunch) -> ProgramLaunch {
        var other = launch
        other.executable = "/usr/sbin/ip"
        other.arguments =
            ["netns", "exec", ProgramArgument(name), ProgramArgument(launch.executable)]
            + launch.arguments
        return other
    }

    /// Cuts the other machine off.
    func cut() { _ = Self.shell("ip link set \(name) down") }

    /// Joins it again.
    func mend() { _ = Self.shell("ip link set \(name) up") }

    private static func shell(_ script: String) -> Bool {
        let launch = ProgramLaunch(
            "/bin/sh", ["-c", ProgramArgument(script)],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], workingDirectory: "/")
        return (try? RunningProgram(launch).waitForResult())?.status == 0
    }
}
